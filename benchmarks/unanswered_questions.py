"""Queries without an answer: questions in six languages on what no text of the demo, of NETmundial 2014 or of
République numérique mentions, and nonsense.

Each question is asked as those in `retrieval_questions` are: as a sentence, and in few words. The last ones are about
the law, technology or public affairs too, so that they are near to what the consultations are about.
"""

import random
from collections.abc import Iterator

#: Sentences in English, French, Spanish, Russian, Arabic and Chinese, each with its few words after a stroke.
_ASKED = (
    """how long should sourdough bread rise before baking | sourdough rising time
    combien de temps laisser lever le pain au levain | levain pain cuisson
    cuánto tiempo debe fermentar el pan de masa madre | pan masa madre
    сколько времени должно подниматься тесто на закваске | тесто закваска хлеб
    كم من الوقت يجب أن يختمر عجين الخبز قبل الخبز | تخمير العجين
    酸面团面包烤之前要发酵多久 | 面包 发酵""",
    """why do onions make you cry when you cut them | onions tears
    pourquoi les oignons font-ils pleurer quand on les coupe | oignons larmes
    por qué hacen llorar las cebollas al cortarlas | cebollas lágrimas
    почему лук заставляет плакать, когда его режут | лук слёзы
    لماذا يسبب تقطيع البصل الدموع | البصل الدموع
    切洋葱为什么会流泪 | 洋葱 流泪""",
    """how to prune apple trees in winter | pruning apple trees
    comment tailler les pommiers en hiver | taille pommiers
    cómo podar los manzanos en invierno | poda manzanos
    как обрезать яблони зимой | обрезка яблонь
    كيف تقلم أشجار التفاح في الشتاء | تقليم أشجار التفاح
    冬天怎样修剪苹果树 | 苹果树 修剪""",
    """what is the distance from the earth to the moon | moon distance
    quelle est la distance de la Terre à la Lune | distance Lune
    qué distancia hay de la Tierra a la Luna | distancia Luna
    каково расстояние от Земли до Луны | расстояние Луна
    ما المسافة بين الأرض والقمر | المسافة القمر
    地球到月球的距离是多少 | 月球 距离""",
    """best treatment for a sprained ankle | sprained ankle
    comment soigner une entorse de la cheville | entorse cheville
    cómo tratar un esguince de tobillo | esguince tobillo
    как лечить растяжение лодыжки | растяжение лодыжки
    كيف يعالج التواء الكاحل | التواء الكاحل
    脚踝扭伤怎么治疗 | 脚踝 扭伤""",
    """why does my cat scratch the sofa | cat scratching sofa
    pourquoi mon chat griffe-t-il le canapé | chat griffes canapé
    por qué mi gato araña el sofá | gato sofá
    почему кошка царапает диван | кошка диван
    لماذا تخدش قطتي الأريكة | قطة أريكة
    我的猫为什么抓沙发 | 猫 沙发""",
    """how to change the oil of a diesel engine | diesel engine oil
    comment vidanger un moteur diesel | vidange moteur diesel
    cómo cambiar el aceite de un motor diésel | aceite motor diésel
    как поменять масло в дизельном двигателе | масло двигатель
    كيف يغير زيت محرك الديزل | زيت محرك الديزل
    怎样更换柴油发动机的机油 | 柴油机 机油""",
    """how to fold a swan from a sheet of paper | folding paper swan
    comment plier un cygne dans une feuille de papier | origami cygne
    cómo doblar un cisne con una hoja de papel | cisne papiroflexia
    как сложить лебедя из листа бумаги | лебедь оригами
    كيف تطوى ورقة على شكل بجعة | طي الورق بجعة
    怎样用纸折一只天鹅 | 折纸 天鹅""",
    """when do swallows fly south in autumn | swallows migration
    quand les hirondelles partent-elles vers le sud | hirondelles migration
    cuándo vuelan las golondrinas hacia el sur | golondrinas
    когда ласточки улетают на юг | ласточки перелёт
    متى تهاجر طيور السنونو إلى الجنوب | هجرة السنونو
    燕子秋天什么时候飞往南方 | 燕子 迁徙""",
    """how to remove red wine stains from a carpet | red wine stain
    comment enlever une tache de vin rouge d’un tapis | tache vin rouge
    cómo quitar una mancha de vino tinto de la alfombra | mancha vino tinto
    как вывести пятно красного вина с ковра | пятно вина ковёр
    كيف تزال بقعة النبيذ الأحمر عن السجاد | بقعة نبيذ سجاد
    怎样去除地毯上的红酒渍 | 地毯 红酒渍""",
    """who painted the ceiling of the Sistine Chapel | Sistine Chapel ceiling
    qui a peint le plafond de la chapelle Sixtine | chapelle Sixtine
    quién pintó el techo de la Capilla Sixtina | Capilla Sixtina
    кто расписал потолок Сикстинской капеллы | Сикстинская капелла
    من رسم سقف كنيسة سيستينا | كنيسة سيستينا
    西斯廷教堂的天顶画是谁画的 | 西斯廷 天顶画""",
    """what temperature kills tomato plants at night | tomato frost
    à quelle température gèlent les plants de tomates | tomates gel
    a qué temperatura se hielan las tomateras | tomates helada
    при какой температуре погибает рассада помидоров | помидоры заморозки
    عند أي درجة حرارة تموت شتلات الطماطم | الطماطم الصقيع
    番茄苗在多少度会冻死 | 番茄 霜冻""",
    """exercises to strengthen the back muscles | back exercises
    exercices pour muscler le dos | exercices dos
    ejercicios para fortalecer la espalda | ejercicios espalda
    упражнения для укрепления мышц спины | упражнения спина
    تمارين لتقوية عضلات الظهر | تمارين الظهر
    锻炼背部肌肉的动作 | 背部 锻炼""",
    """lyrics of the wedding march by Mendelssohn | Mendelssohn wedding march
    partition de la marche nuptiale de Mendelssohn | marche nuptiale
    partitura de la marcha nupcial de Mendelssohn | marcha nupcial
    ноты свадебного марша Мендельсона | свадебный марш
    نوتة مارش الزفاف لمندلسون | مارش الزفاف
    门德尔松婚礼进行曲的乐谱 | 婚礼进行曲 乐谱""",
    """how deep does a ship anchor have to lie in a storm | ship anchor depth
    à quelle profondeur jeter l’ancre par tempête | ancre tempête
    a qué profundidad se echa el ancla en una tormenta | ancla tormenta
    на какой глубине бросать якорь в шторм | якорь шторм
    على أي عمق تلقى المرساة في العاصفة | مرساة عاصفة
    暴风雨时船锚要抛多深 | 船锚 暴风雨""",
    """which mushrooms in the forest are poisonous | poisonous mushrooms
    quels champignons de la forêt sont vénéneux | champignons vénéneux
    qué setas del bosque son venenosas | setas venenosas
    какие грибы в лесу ядовиты | ядовитые грибы
    ما الفطريات السامة في الغابة | فطريات سامة
    森林里哪些蘑菇有毒 | 毒蘑菇""",
    """the price of gold and silver per ounce today | gold silver price
    prix de l’once d’or et d’argent aujourd’hui | cours once or
    precio de la onza de oro y de plata hoy | precio onza oro
    цена унции золота и серебра сегодня | цена золота
    سعر أونصة الذهب والفضة اليوم | سعر الذهب
    今天黄金白银每盎司的价格 | 黄金 价格""",
    """how do volcanoes and hot springs form | volcanoes hot springs
    comment se forment les volcans et les sources chaudes | volcans sources chaudes
    cómo se forman los volcanes y las aguas termales | volcanes aguas termales
    как образуются вулканы и горячие источники | вулканы
    كيف تتكون البراكين والينابيع الحارة | البراكين
    火山和温泉是怎样形成的 | 火山 温泉""",
    """fishing quotas for cod and herring in the North Sea | fishing quotas cod
    quotas de pêche du cabillaud en mer du Nord | quotas pêche cabillaud
    cuotas de pesca del bacalao en el mar del Norte | cuotas pesca bacalao
    квоты на вылов трески в Северном море | квоты треска
    حصص صيد سمك القد في بحر الشمال | حصص الصيد
    北海鳕鱼的捕捞配额 | 鳕鱼 配额""",
    """speed limits for lorries on motorways | lorry speed limit
    limitation de vitesse des camions sur autoroute | vitesse camions autoroute
    límite de velocidad de los camiones en autopista | velocidad camiones
    ограничение скорости грузовиков на автомагистралях | скорость грузовики
    حدود سرعة الشاحنات على الطرق السريعة | سرعة الشاحنات
    高速公路上卡车的限速 | 卡车 限速""",
    """retirement age of nurses and firefighters | nurses retirement age
    âge de la retraite des infirmières et des pompiers | retraite infirmières
    edad de jubilación de enfermeras y bomberos | jubilación enfermeras
    пенсионный возраст медсестёр и пожарных | пенсия медсестёр
    سن تقاعد الممرضات ورجال الإطفاء | تقاعد الممرضات
    护士和消防员的退休年龄 | 护士 退休""",
    """vaccination of cattle against foot and mouth disease | cattle vaccination
    vaccination des bovins contre la fièvre aphteuse | vaccination bovins
    vacunación del ganado contra la fiebre aftosa | vacunación ganado
    вакцинация скота против ящура | вакцинация скота
    تطعيم الماشية ضد الحمى القلاعية | تطعيم الماشية
    牛的口蹄疫疫苗接种 | 口蹄疫 疫苗""",
    """removing debris from satellite orbits | orbital debris
    enlever les débris des orbites de satellites | débris orbitaux
    retirar la basura espacial de las órbitas | basura espacial
    уборка космического мусора с орбит | космический мусор
    إزالة الحطام الفضائي من المدارات | الحطام الفضائي
    清除卫星轨道上的空间碎片 | 空间碎片""",
    """noise of aircraft at night near airports | aircraft noise
    bruit des avions la nuit près des aéroports | bruit avions
    ruido nocturno de aviones cerca de los aeropuertos | ruido aviones
    ночной шум самолётов вблизи аэропортов | шум самолётов
    ضوضاء الطائرات ليلاً قرب المطارات | ضوضاء الطائرات
    机场附近夜间的飞机噪音 | 飞机 噪音""",
)


#: More in few words, by language.
_FEW = """banana | guitar strings | ski resort | chocolate cake recipe | dinosaurs | hair loss | best pizza in Naples
banane | cordes de guitare | station de ski | recette de gâteau au chocolat | dinosaures | chute de cheveux | perruque
plátano | cuerdas de guitarra | estación de esquí | receta de tarta de chocolate | dinosaurios | caída del pelo | peluca
банан | струны для гитары | горнолыжный курорт | рецепт шоколадного торта | динозавры | выпадение волос | парик
موز | أوتار الغيتار | منتجع التزلج | وصفة كعكة الشوكولاتة | ديناصورات | تساقط الشعر | فستان الزفاف
香蕉 | 吉他弦 | 滑雪场 | 巧克力蛋糕 | 恐龙 | 脱发 | 婚纱"""

#: Letters for nonsense, by script. For Chinese, random characters that are words.
_LETTERS = {
    "Latin": "abcdefghijklmnopqrstuvwxyz",
    "Cyrillic": "абвгдежзийклмнопрстуфхцчшщыьэюя",
    "Arabic": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "Chinese": "猫椅砖雾鞋糖鹅钉瓜毯蒜笛缸鳞蝶锈栗藤钩砂",
}
_VOWELS, _CONSONANTS = "aeiou", "bdfgklmnprstvz"
#: Queries of each kind of nonsense.
_EACH = 120


def unanswered() -> dict[str, list[str]]:
    """Return the questions by their form."""
    pairs = [line.strip().split(" | ") for block in _ASKED for line in block.splitlines()]
    more = [few.strip() for line in _FEW.splitlines() for few in line.split("|")]
    return {"asked": [sentence for sentence, _few in pairs], "few": [*(few for _sentence, few in pairs), *more]}


def nonsense() -> Iterator[str]:
    """Yield meaningless queries of one to three words each: random letters of four scripts, and words made up."""
    chance = random.Random(7)
    for script, letters in _LETTERS.items():
        lengths = (1, 2) if script == "Chinese" else (4, 9)
        for _each in range(_EACH):
            words = chance.randint(1, 3)
            yield " ".join("".join(chance.choices(letters, k=chance.randint(*lengths))) for _word in range(words))
    for _each in range(_EACH):
        yield " ".join(_made_up(chance) for _word in range(chance.randint(1, 3)))


def _made_up(chance: random.Random) -> str:
    return "".join(chance.choice(_CONSONANTS) + chance.choice(_VOWELS) for _ in range(chance.randint(3, 4)))
