"""Does a text say what it rests on? Figures, symbols, names, negation and meaning, in the six languages.

Plain rules and tables; nothing here writes or asks the database. What only a trained model could tell is left to the
reader: a rule that is unsure stays silent.
"""
