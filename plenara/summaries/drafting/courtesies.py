"""Sentences that say nothing of a question though many write them: thanks for the meeting, and what a paper will do."""

import re

_COURTESY = re.compile(
    r"""\b(?:appreciat(?:es?|ion)|welcomes?|thanks?|thank\syou|grateful|gratitude|pleased|honou?red|congratulates?|commends?|applauds?)\b
        .{0,160}\b(?:opportunity|initiative|efforts?|invit\w+|organi[sz]\w+|government\sof|host\w*|conven\w*|contribution
        |contribute\sto|submission|comments?|consultation|meeting|input)\b
    |\blooks?\sforward\sto\b|\bwe\sremain\s(?:at\syour\sdisposal|available)
    |\b(?:remerci\w+|sal(?:ue|uons)|félicit\w+|se\sréjoui\w+)\b.{0,80}
        \b(?:initiative|consultation|démarche|opportunité|occasion|gouvernement|possibilité|organis\w+|contribu\w+)\b
    |\b(?:agradec\w+|felicit\w+|celebra(?:mos)?)\b.{0,80}\b(?:oportunidad|iniciativa|consulta|invitaci\w+|gobierno|reuni\w+|esfuerz\w+)\b
    |(?:благодар\w+|приветству\w+|признательн\w+).{0,80}(?:возможност|инициатив|приглашени|консультаци|организаци|правительств)
    |(?:نشكر|نثمن|نرحب|نعرب\sعن\sتقديرنا|نود\sأن\sنشكر).{0,80}(?:فرصة|الفرصة|مبادرة|المبادرة|دعوة|الحكومة|حكومة|تنظيم|المشاورة|الجهود)
    |(?:感谢|感激|赞赏|欢迎).{0,30}(?:机会|倡议|邀请|政府|主办|组织|会议|磋商|努力)""",
    re.VERBOSE | re.IGNORECASE,
)
#: A sentence on the paper that it stands in.
_PAPER = re.compile(
    r"""^.{0,60}\b(?:contribution|submission|presentation|paper|document|statement)s?\b.{0,140}
        \b(?:provides?|presents?|offers?|aims?|outlines?|describes?|includes?|introduces?|highlights?|emphasi[sz]es)\b
    |^\W*(?:hereby\b|this\sis\sa\b.{0,20}\b(?:contribution|submission))|^\W*(?:in\s|with\s)?(?:this|our|the\spresent|the\sattached|the\sfollowing)\s(?:\w+\s){0,2}(?:contribution|submission|paper|document|comments?|statement|response)\b
    |^\W*(?:cette|notre|la\sprésente|le\sprésent|ce)\s(?:contribution|document|texte|réponse|mémoire)\b
    |^\W*(?:esta|este|nuestra|nuestro|la\spresente|el\spresente)\s(?:contribución|documento|texto|respuesta|aporte)\b
    |^\W*(?:в\s)?(?:эт\w+|наш\w*|настоящ\w+)\s(?:материал|документ|вклад|ответ)\w*
    |^\W*(?:هذه\sالمساهمة|هذه\sالورقة|هذه\sالوثيقة|تقدم\sهذه|مساهمتنا)
    |^\W*(?:本文|本意见|本文件|本提案|我们的意见)""",
    re.VERBOSE | re.IGNORECASE,
)


def is_courtesy(sentence: str) -> bool:
    """Say whether a sentence thanks, greets or announces instead of answering a question."""
    return _COURTESY.search(sentence) is not None or _PAPER.match(sentence) is not None
