"""The made-up texts of a flood: one campaign text in each of six languages, with small changes by its senders."""

import random
import re

#: One text in each language; each sender takes one of the alternatives in braces.
LETTERS = {
    "en": (
        "{Dear Sir or Madam,/To whom it may concern,/Hello,} I am writing about the proposal to let each "
        "country decide how names and numbers of the network are given out. This proposal would "
        "{divide/split/break up} the network that we have built together over thirty years, and it would "
        "make every small enterprise pay for the rules of two hundred different offices. We ask the "
        "secretariat to withdraw the proposal in {full/its entirety/whole} and to keep the present "
        "arrangement, which has served schools, hospitals and families on every continent. {Thank you./Yours "
        "faithfully./With kind regards.}"
    ),
    "fr": (
        "{Madame, Monsieur,/Bonjour,/Chers organisateurs,} je vous écris au sujet du projet qui laisse "
        "chaque pays décider seul de la manière dont les noms et les numéros du réseau sont attribués. Ce "
        "projet {diviserait/couperait/briserait} le réseau que nous avons construit ensemble pendant trente "
        "ans, et il obligerait chaque petite entreprise à suivre les règles de deux cents bureaux "
        "différents. Nous demandons au secrétariat de retirer ce projet {entièrement/au plus vite/tout de "
        "suite} et de garder le système actuel, utile aux écoles, aux hôpitaux et aux familles partout dans "
        "le monde. {Merci./Cordialement./Avec mes salutations.}"
    ),
    "es": (
        "{Estimados señores:/Hola:/A quien corresponda:} les escribo sobre la propuesta de que cada país "
        "decida por su cuenta cómo se asignan los nombres y los números de la red. Esta propuesta "
        "{dividiría/partiría/rompería} la red que hemos construido juntos durante treinta años, y obligaría "
        "a cada pequeña empresa a seguir las reglas de doscientas oficinas distintas. Pedimos a la "
        "secretaría que retire la propuesta {por completo/entera/cuanto antes} y que conserve el sistema "
        "actual, que sirve a escuelas, hospitales y familias de todos los continentes. "
        "{Gracias./Atentamente./Un saludo.}"
    ),
    "ru": (
        "{Уважаемые организаторы!/Здравствуйте!/Добрый день!} Пишу вам о предложении, чтобы каждая страна "
        "сама решала, как распределяются имена и номера сети. Это предложение {разделит/разорвёт/расколет} "
        "сеть, которую мы вместе строили тридцать лет, и заставит каждое малое предприятие следовать "
        "правилам двухсот разных ведомств. Мы просим секретариат отозвать предложение "
        "{полностью/целиком/сразу} и сохранить нынешний порядок, который служит школам, больницам и семьям "
        "на всех континентах. {Спасибо./С уважением./Всего доброго.}"
    ),
    "ar": (
        "{السادة المحترمون،/تحية طيبة،/إلى من يهمه الأمر،} أكتب إليكم بشأن الاقتراح الذي يترك لكل بلد أن "
        "يقرر وحده كيف توزع أسماء الشبكة وأرقامها. هذا الاقتراح {يقسم/يجزئ/يمزق} الشبكة التي بنيناها معا "
        "خلال ثلاثين عاما، ويجبر كل مؤسسة صغيرة على اتباع قواعد مئتي مكتب مختلف. نطلب من الأمانة سحب "
        "الاقتراح {كاملا/كله/فورا} والإبقاء على النظام الحالي الذي يخدم المدارس والمستشفيات والأسر في جميع "
        "القارات. {شكرا./مع التحية./والسلام.}"
    ),
    "zh": (
        "{尊敬的主办方：/您好：/敬启者：}我写信是关于让每个国家自行决定如何分配网络名称和号码的提案。这项提案将{分裂/割裂/"
        "拆散}我们三十年来共同建设的网络，并迫使每一家小企业遵守两百个不同机构的规则。我们请求秘书处{全部/立即/尽快}撤回这项"
        "提案，保留现有的安排，它一直服务于各大洲的学校、医院和家庭，也让任何人都可以用同样的方式找到彼此。{谢谢。/此致敬礼。/"
        "祝好。}"
    ),
}


def letter(language: str, rng: random.Random, name: str) -> str:
    """Return a campaign text as one sender sends it: with their choice of words, and perhaps their name below."""
    text = re.sub(r"\{([^}]*)\}", lambda found: rng.choice(found[1].split("/")), LETTERS[language])
    return f"{text} {name}" if rng.random() < 0.5 else text
