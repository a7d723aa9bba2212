"""Short texts in six languages, our own, for searches whose results are known. None is about anything that
happened. A table: cut in pieces it could not be read beside the questions that are asked of it."""

import datetime
from dataclasses import dataclass

from plenara.search.entries import Content

KIND = "contribution"
#: The first text is of this moment; each one after it an hour later.
BEGINS = datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC)


@dataclass(frozen=True)
class Text:
    """One text: its name here, its language, who signed it, its title and its words."""

    name: str
    language: str
    author: str
    title: str
    words: str


def _texts(language: str, written: str) -> list[Text]:
    """Read texts written as blocks: author, title (or a dash), words."""
    found = []
    for number, block in enumerate(written.strip().split("\n\n"), 1):
        author, title, words = (line.strip() for line in block.split("\n", 2))
        found.append(Text(f"{language}{number:02}", language, author, "" if title == "-" else title, words))
    return found


ENGLISH = _texts(
    "en",
    """
Amina Odhiambo
Governance of the network
The governance of the Internet belongs to everybody who uses it. Governments, companies and civil society should
decide together.

Thomas Reed
-
A multi-stakeholder model needs rules. Without rules the loudest stakeholders win, and participation is a word on
paper.

Leila Haddad, Digital Rights Forum
Human rights first
Human rights apply online as they apply offline. Privacy is a human right, and so is freedom of expression.

Peter O'Neill
-
The right to privacy should not depend on where a server stands. Rights of users must travel with their data.

Amina Odhiambo
Access in villages
Three villages out of four have no access at all. Connect the schools first, then the clinics, then everybody else.

Grace Mwangi
-
Our school was connected last year. The children’s results improved, and teachers can download lessons in Swahili.

Samuel Brandt, Open Cables Ltd
Competition lowers prices
Where three operators compete, a gigabyte costs 1.20 dollars. Where one operator rules alone it costs 12 dollars.

Ruth Adler
-
E-mail is still how small organisations take part. An e-mail list costs nothing and needs no fast connection.

Ruth Adler
-
Email addresses should never be published. We received 10,000 unwanted messages after the last consultation.

Henry Cole
Security and trust
Cybersecurity is not a reason to watch everybody. Targeted measures with judicial oversight build trust; mass
surveillance destroys it.

Maria Kovac
-
Cyber-security teams need a programme of exchange. Our centre trains forty analysts a year and could train four
hundred.

John Smith
-
I disagree with the proposal to license websites. A licence for speech is censorship by another name.

Fatima Rahman
Languages
The secretariat publishes in English alone. Translate the agenda at least, or call it what it is: a meeting for
English speakers.

Anders Holm
-
Domain names in local scripts work in theory. In practice half of the mail servers reject an address like
straße.example.

Anders Holm
-
The naïve reading of the résumé is that cafés need no licence. We read the résumé differently.

Grace Mwangi
Gender
Women are half of the population and a fifth of this working group. Publish the figures by gender for every meeting.

Daniel Stone
-
Persons with disabilities must be able to use every page without a mouse. Accessibility is cheap when it is planned
from the beginning.

Yusuf Karim, Ministry of Communications
Statement of the Ministry
The Ministry supports the tunis agenda as it stands, in particular paragraphs 34 and 72, and proposes no amendment.

Olga Petrova
-
Who pays for the root servers? The report says nothing of money. Funding should be published each year, with sources.

Wei Chen
-
Small islands depend on one cable. When it broke in 2024 the hospital was offline for nine days. Redundancy saves
lives.

Nobody in particular
-
Yes.

Clara Neumann
Data protection
Data protection authorities should cooperate across borders. Co-operation exists on paper; what is missing are
people and money.

Robert King
-
The working group met in March. The meeting was open; the minutes were not. Publish the minutes within seven days of
each meeting.
""",
)

FRENCH = _texts(
    "fr",
    """
Aminata Diallo, Réseau Sahel Numérique
Gouvernance
La gouvernance de l’Internet appartient à tous. Les gouvernements et la société civile doivent décider ensemble.

Jean Moreau
-
L’accès à Internet est un droit. Sans l’accès, la liberté d’expression n’est qu’un mot pour les villages.

Claire Lefèvre
Réunions
Les réunions se tiennent à Genève, et une réunion en ligne ne remplace pas un siège à la table.

Jean Moreau
-
Les données personnelles ne sont pas une marchandise. La protection des données doit être confiée à une autorité
indépendante.

Awa Traoré
L’école
Notre école a été raccordée l’an dernier. Les élèves ont utilisé des manuels numériques, et les enseignantes les ont
adaptés.

Luc Perrin, Fédération des éditeurs
-
Le numérique n’est pas gratuit : quelqu’un paie. Nous proposons que les plateformes publient ce qu’elles versent aux
éditeurs.

Élodie Garçon
Égalité
L’égalité entre les femmes et les hommes n’avance pas seule. Publiez les chiffres, réunion par réunion.

Paul Émile Baud
-
Les travaux du groupe sont publics, mais le travail préparatoire ne l’est pas. Publiez aussi les avis des experts.

Mathieu Roy
-
Une loi de plus ne protège personne si les lois existantes ne sont pas appliquées.

Sophie Bernard
Cybersécurité
La cybersécurité sert de prétexte à la surveillance. Nous demandons un contrôle judiciaire, et des sanctions pour
les abus.

Awa Traoré
-
Trois villages sur quatre attendent encore. Raccordez d’abord les écoles, puis les dispensaires.

Karim Benali
Langues
Le secrétariat ne publie qu’en anglais. Traduisez au moins l’ordre du jour en français, en arabe et en espagnol.

Hélène Petit
-
Aujourd’hui les personnes handicapées ne peuvent pas utiliser ce site. L’accessibilité se prévoit dès le début.

Luc Perrin, Fédération des éditeurs
-
Nous ne sommes pas d’accord avec la proposition de licence obligatoire. C’est une censure qui ne dit pas son nom.

Marie-Claude Ngo
Les femmes et le réseau
Les femmes entrepreneures utilisent le téléphone, pas l’ordinateur. Pensez les services publics pour le téléphone.

Denis Fournier
-
Le coût d’un gigaoctet dépasse 10 000 francs. La concurrence entre opérateurs fait baisser les prix.

Claire Lefèvre
-
Qui finance les serveurs racine ? Le rapport n’en dit rien. Le financement doit être publié chaque année.

Jean Moreau
-
La vie privée est un droit de l’homme. Les droits de l’homme s’appliquent en ligne comme hors ligne.

Anne Dubois
-
Le Conseil européen a été consulté une seule fois. Il faut une coopération régulière, et non une lettre par an.

Fatou Sow
-
Oui.

Gilles Marchand
Multipartite
Le modèle multipartite suppose des règles. Sans règles, ce sont toujours les mêmes qui parlent.
""",
)

SPANISH = _texts(
    "es",
    """
Inés Calderón
Gobernanza
La gobernanza de Internet pertenece a todas las personas. Los gobiernos y la sociedad civil deben decidir juntos.

Juan Pérez
-
El acceso a Internet es un derecho. Sin acceso, los derechos digitales son una promesa vacía para los pueblos.

Lucía Núñez, Red de Escuelas Rurales
La escuela del pueblo
Hace tres años conectaron nuestra escuela. Cada niño y cada niña aprende con materiales en su lengua.

Lucía Núñez, Red de Escuelas Rurales
-
Los niños aprenden solos; los maestros no. Pedimos un programa de formación de un año para cada maestra.

Carlos Ibáñez
Datos
Los datos personales no son una mercancía. La protección de datos exige una autoridad independiente y con recursos.

María José Ortega
-
Las mujeres jóvenes usan el teléfono, no la computadora. Una mujer joven del campo no llega a estos servicios.

Juan Pérez
-
El gobierno publica el presupuesto cada año. Ningún organismo publica en qué se gasta.

Andrés Villalobos
Seguridad
La ciberseguridad no justifica la vigilancia masiva. Pedimos control judicial y sanciones para los abusos.

Rosa Quispe
-
Nuestras lenguas no están en ningún teclado. Publiquen las normas y nosotros haremos las letras.

Inés Calderón
-
La voz de los pueblos no se oye en Ginebra. Lleven las reuniones a los países, y las voces llegarán solas.

Pedro Álvarez
-
Un gigabyte cuesta 12.000 pesos. La competencia entre operadores baja los precios.

Carmen Solís
Accesibilidad
Las personas con discapacidad no pueden usar este sitio. La accesibilidad es barata si se piensa desde el principio.

Andrés Villalobos
-
No estamos de acuerdo con la licencia obligatoria para los sitios. Es censura con otro nombre.

Diego Ramírez
-
¿Quién paga los servidores raíz? El informe no dice nada del financiamiento.

Sofía Aguirre
-
La secretaría publica solo en inglés. Traduzcan al menos el orden del día.

Pilar Domínguez
Derechos humanos
Los derechos humanos valen en línea como fuera de línea. La privacidad es un derecho humano.

Pilar Domínguez
-
La libertad de expresión y la privacidad no se negocian por separado.

Tomás Peña
-
El cable submarino se rompió en 2024 y la isla quedó nueve días sin conexión.

Ana Belén Ruiz
-
La última reunión fue abierta; las últimas actas no lo fueron.

Marta Ríos
-
Sí.

Hugo Castellanos
Multisectorial
El modelo de múltiples partes interesadas necesita reglas, plazos y actas.
""",
)

RUSSIAN = _texts(
    "ru",
    """
Ольга Петрова
Управление Интернетом
Управление Интернетом принадлежит всем. Правительства, компании и гражданское общество должны решать вместе.

Иван Сидоров
-
Доступ к интернету — это право. Без доступа свобода слова остаётся словом для деревень.

Анна Кузнецова, Сеть сельских школ
Школа
Нашу школу подключили в прошлом году. Дети читают учебники на родном языке.

Анна Кузнецова, Сеть сельских школ
-
Три деревни из четырёх не подключены. Подключите сначала школы, затем больницы.

Дмитрий Орлов
Персональные данные
Персональные данные — не товар. Защиту персональных данных следует поручить независимому органу.

Фёдор Ершов
-
Кибербезопасность не оправдывает слежки за всеми. Мы просим судебного контроля.

Елена Зайцева
Языки
Секретариат публикует документы только на английском. Переведите хотя бы повестку дня на русский язык.

Михаил Королёв
-
Языков в нашей республике двенадцать, и ни одного из них нет на клавиатуре.

Иван Сидоров
-
Правительство публикует бюджет каждый год. Расходы не публикует никто.

Наталья Белова
Женщины
Женщины составляют половину населения и пятую часть рабочей группы. Публикуйте цифры.

Сергей Ёлкин
-
Мы не согласны с обязательной лицензией для сайтов. Лицензия на слово — это цензура.

Татьяна Миронова
Доступность
Люди с инвалидностью не могут пользоваться этим сайтом. Доступность недорога, если о ней думают с начала.

Павел Громов
-
Кто платит за корневые серверы? В отчёте о деньгах ничего нет.

Алексей Лебедев
-
Гигабайт стоит 10 000 рублей. Конкуренция операторов снижает цены.

Марина Соколова
Права человека
Права человека действуют в сети так же, как вне сети. Неприкосновенность частной жизни — право человека.

Виктор Егоров
-
Рабочая группа встретилась в марте. Заседание было открытым, протокол — нет.

Юлия Чайкина
-
Подводный кабель порвался в 2024 году, и остров девять дней был без связи.

Олег Щукин
-
Модель с участием многих сторон требует правил. Без правил говорят всегда одни и те же.

Ксения Фомина
-
Да.

Роман Жуков
Сотрудничество
Сотрудничество органов по защите данных существует на бумаге; не хватает людей и денег.

Вера Туманова
-
Свободы слова не бывает без частной жизни: кто знает, что его читают, молчит.
""",
)

ARABIC = _texts(
    "ar",
    """
هدى سالم
حوكمة الإنترنت
حوكمة الإنترنت حق للجميع. على الحكومات والمجتمع المدني أن تقرر معا.

أحمد منصور
-
الوصول إلى الانترنت حق. بدون الوصول تبقى حرية التعبير كلمة على ورق في القرى.

ليلى حداد، منتدى الحقوق الرقمية
حقوق الإنسان أولا
تسري حقوق الإنسان على الشبكة كما تسري خارجها. الخصوصية حق من حقوق الإنسان.

سمير الخطيب
المدرسة
رُبِطَت مدرستنا بالشبكة في العام الماضي. يقرأ الأطفال كتبهم بلغتهم.

سمير الخطيب
-
ثلاث قرى من أربع غير مربوطة. اربطوا المدارس أولا ثم المستشفيات.

نور عبد الله
البيانات
البيانات الشخصية ليست سلعة. يجب أن تتولى هيئة مستقلة حماية البيانات.

مريم الشامي
-
الأمن السيبراني لا يبرر مراقبة الجميع. نطلب رقابة قضائية.

يوسف كريم، وزارة الاتصالات
بيان الوزارة
تؤيد الوزارة جدول أعمال تونس كما هو، ولا تقترح أي تعديل.

فاطمة الزهراء
اللغات
لا تنشر الأمانة إلا بالإنجليزية. ترجموا جدول الأعمال على الأقل إلى اللغة العربية.

خالد البصري
-
لغة واحدة لا تكفي. في بلادنا سبع لغات وليس لواحدة منها لوحة مفاتيح.

رنا قاسم
النساء
النساء نصف السكان وخُمس الفريق العامل. انشروا الأرقام في كل اجتماع.

طارق يونس
-
الاجتماع الأخير كان مفتوحا، أما المحضر فلم يكن كذلك. انشروا محاضر الاجتماعات.

أحمد منصور
-
تنشر الحكومة الميزانية كل سنة، ولا ينشر أحد كيف تُنفَق.

سلمى عوض
-
لا نوافق على ترخيص إلزامي للمواقع. الترخيص للكلام رقابة باسم آخر.

زياد حمدان
سهولة الوصول
لا يستطيع الأشخاص ذوو الإعاقة استعمال هذا الموقع. سهولة الوصول رخيصة إذا خُطِّط لها من البداية.

ياسر مراد
-
من يدفع ثمن الخوادم الجذرية؟ لا يذكر التقرير شيئا عن التمويل.

دينا شريف
-
يكلف الجيجابايت ١٠٬٠٠٠ ليرة. المنافسة بين المشغلين تخفض الأسعار.

عمر الفاروق
-
انقطع الكابل البحري سنة ٢٠٢٤ وبقيت الجزيرة تسعة أيام بدون اتصال.

هالة نجيب
-
نموذج أصحاب المصلحة المتعددين يحتاج إلى قواعد. بدون القواعد يتكلم دائما الأشخاص أنفسهم.

منى صالح
-
نعم.

وائل فهمي
التعاون
التعاون بين هيئات حماية البيانات موجود على الورق، وما ينقص هو الناس والمال.
""",
)

CHINESE = _texts(
    "zh",
    """
张伟
互联网治理
互联网治理属于每一个人。各国政府、企业和民间社会应当共同决定。

李娜
-
接入互联网是一项权利。没有接入，言论自由在农村只是一句空话。

王芳，农村学校联盟
学校
我们的学校去年联网了。孩子们用母语阅读课本。

王芳，农村学校联盟
-
四个村庄中有三个还没有联网。先连接学校，再连接医院。

陈志明
數據保護
個人數據不是商品。數據保護應當交給獨立的機構。

刘洋
-
网络安全不能成为监视所有人的理由。我们要求司法监督。

林美玲
-
網絡安全與言論自由並不矛盾。我們需要透明的規則。

赵磊
语言
秘书处只用英文发布文件。至少请把议程翻译成中文。

黄丽
-
女性占人口的一半，却只占工作组的五分之一。请公布每次会议的数字。

周强
-
上次会议是公开的，会议记录却没有公开。请在七天内公布会议记录。

吴敏
无障碍
残疾人无法使用这个网站。如果从一开始就考虑无障碍，费用很低。

孙涛
-
我们不同意对网站实行强制许可。对言论的许可就是审查。

马丽
人权
人权在线上和线下同样适用。隐私是一项人权。

郑凯
-
谁为根服务器付费？报告没有提到资金。

何静
-
一个GB的价格是10,000元。运营商之间的竞争会降低价格。

陈志明
-
海底電纜在2024年斷了，島上九天沒有網絡。

高峰，中国互联网协会
多利益相关方
多利益相关方模式需要规则。没有规则，说话的总是同样的人。

曹雪
-
是。

邓超
-
Internet治理论坛每年举行一次。我们建议IGF公布参加者的名单。

冯晓
合作
数据保护机构之间的合作停留在纸上，缺的是人和钱。

许静
-
发展中国家需要的不是建议，而是资金、设备和培训。
""",
)

TEXTS = [*ENGLISH, *FRENCH, *SPANISH, *RUSSIAN, *ARABIC, *CHINESE]
#: By turns, so that the order of time is not that of languages.
ORDER = sorted(TEXTS, key=lambda text: (text.name[2:], text.language))
_GROUPS = ("government", "private_sector", "civil_society", "technical_academic")


def contents() -> list[Content]:
    """Return the texts as the index takes them; their ids count from 1 in the order of time."""
    return [
        Content(
            kind=KIND,
            object_id=number,
            at=BEGINS + datetime.timedelta(hours=number),
            language=text.language,
            title=text.title,
            text=text.words,
            filters={
                "consultation": [str(1 + number % 2)],
                "thread": [str(number % 5)],
                "group": [_GROUPS[number % 4]],
                "language": [text.language],
                "author": [text.author],
                "symbol": [f"WGIG/2026/Q{number % 5}/{number}"],
            },
        )
        for number, text in enumerate(ORDER, 1)
    ]


def names(object_ids: list[int]) -> list[str]:
    """Return the names of texts that were found."""
    return [ORDER[each - 1].name for each in object_ids]
