"""A first draft of a summary, on demand: statements made of sentences that participants wrote, each with its citations.

    said        a sentence of a contribution, with who said it
    overlap     which words two sentences share: what needs no model
    ideas       what several said: from the groups of `understanding`, else from the words that sentences share
    choosing    which ideas a draft of so many statements has, in which order
    first_person  which sentences speak of their author
    wording     what can be the words of a statement: the summary's language, nobody's first person
    statements  an idea as a statement: its words, its kind, both sides of a disagreement
    frames      statements that claim nothing about views: period and method, questions without an answer
    rephrasing  a language model's words for the same, where one is configured and asked for; `validating` refuses
    actions     asking for a draft, and writing it in one transaction; `tasks` call it

Nothing of it is published: each statement is marked as a machine's until a person accepts it.
"""
