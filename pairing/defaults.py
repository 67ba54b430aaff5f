"""What a new house of this room begins with: legal grounds, topics and the texts to commit to. The programme may
change all of it.

The words of the programme's own ethical principles were not found in any source. These are our own plain words, and
each text says itself that the programme has still to confirm it. `manage.py install_defaults` puts them in place.
"""

import datetime

from pairing.models import CommitmentKind, CommitmentText, GuideKind, GuideText, LegalGround, Topic

LEGAL_GROUNDS = [
    {
        "code": "child-welfare-open-care",
        "name_fi": "Lastensuojelulaki: avohuollon tukitoimi",
        "name_sv": "Barnskyddslagen: stödåtgärd inom öppenvården",
        "name_en": "Child Welfare Act: open-care support measure",
    },
    {
        "code": "social-welfare-act",
        "name_fi": "Sosiaalihuoltolaki",
        "name_sv": "Socialvårdslagen",
        "name_en": "Social Welfare Act",
    },
    {
        "code": "other",
        "name_fi": "Muu peruste",
        "name_sv": "Annan grund",
        "name_en": "Other ground",
    },
]

# What a partner may say of the own experience, and a parent may wish for: the form of child protection and the age of
# the child (A39), and what many talk about. None of it measures how hard it was (A38). (code, fi, sv, en)
THEMES = [
    ("open-care", "Avohuollon tuki", "Stöd inom öppenvården", "Support in open care"),
    ("placement", "Lapsi kodin ulkopuolella", "Barnet bor utanför hemmet", "A child living away from home"),
    ("return-home", "Lapsen paluu kotiin", "Barnets återkomst hem", "A child coming back home"),
    ("aftercare", "Jälkihuolto", "Eftervård", "Aftercare"),
    ("alone", "Yksin vanhempana", "Ensam som förälder", "A parent on one's own"),
    ("separation", "Ero", "Separation", "Separation"),
    ("substances", "Päihteet perheessä", "Rusmedel i familjen", "Alcohol and drugs in the family"),
    ("mental-health", "Mielen hyvinvointi", "Psykiskt välbefinnande", "Mental well-being"),
    ("school", "Koulunkäynti", "Skolgång", "School"),
    ("special-support", "Lapsen erityinen tuki", "Särskilt stöd för barnet", "A child's special support"),
    ("two-cultures", "Kaksi kulttuuria", "Två kulturer", "Two cultures"),
]
LIFE_PHASES = [
    ("expecting", "Odotusaika", "Väntetiden", "Expecting a child"),
    ("baby", "Vauva", "Baby", "Baby"),
    ("under-school-age", "Leikki-ikäinen", "Barn i lekåldern", "Small child"),
    ("school-age", "Kouluikäinen", "Barn i skolåldern", "Child at school"),
    ("teenager", "Nuori", "Tonåring", "Teenager"),
    ("young-adult", "Aikuistuva nuori", "Ung vuxen", "Young adult"),
]
TOPICS = [
    {
        "kind": kind,
        "code": code,
        "name_fi": name_fi,
        "name_sv": name_sv,
        "name_en": name_en,
        "position": position,
    }
    for kind, rows in (("theme", THEMES), ("life_phase", LIFE_PHASES))
    for position, (code, name_fi, name_sv, name_en) in enumerate(rows, start=1)
]

PRINCIPLES_FI = """\
Olen vertainen
Olen vanhempi vanhemman rinnalla. En ole viranomainen, en valvo enkä arvostele.

Kunnioitan
Vanhempi päättää omista asioistaan. Kuuntelen enemmän kuin neuvon. En vertaa hänen kokemustaan omaani.

Olen luottamuksen arvoinen
Se, mitä kuulen, jää minulle. Vanhemmasta ei kerrota mitään hänen tietämättään.

Lapsen etu on tärkein
Jos huolestun lapsesta, otan asian puheeksi ja kerron siitä heti koordinaattorille.

Olen rehellinen
Sanon, mitä tiedän ja mitä en tiedä. Lupaan vain sen, minkä voin pitää.

Pidän rajoista kiinni
Tapaamme niin kuin aloitustapaamisessa sovittiin. En lainaa rahaa, en ota lahjoja enkä hoida vanhemman asioita \
hänen puolestaan.

Kerron omasta tarinastani harkiten
Kerron siitä sen verran kuin vanhempaa auttaa. Suojelen myös omia lapsiani ja läheisiäni.

Pidän huolta itsestäni
Pyydän apua, kun tapaaminen jää painamaan. Saan pitää tauon milloin tahansa, eikä syytä kysytä.

Ohjelman vahvistettava: tämä on palvelun mukana tullut pohjateksti."""

PRINCIPLES_SV = """\
Jag är en jämlike
Jag är en förälder vid en annan förälders sida. Jag är inte en myndighet, jag övervakar inte och dömer inte.

Jag respekterar
Föräldern bestämmer om sina egna ärenden. Jag lyssnar mer än jag ger råd. Jag jämför inte förälderns erfarenhet med \
min egen.

Jag är värd förtroendet
Det jag hör stannar hos mig. Ingenting om föräldern berättas utan att föräldern vet om det.

Barnets bästa går först
Om jag blir orolig för ett barn tar jag upp saken och berättar genast för koordinatorn.

Jag är ärlig
Jag säger vad jag vet och vad jag inte vet. Jag lovar bara det jag kan hålla.

Jag håller mig till gränserna
Vi träffas så som vi kom överens om på det inledande mötet. Jag lånar inte ut pengar, tar inte emot gåvor och sköter \
inte förälderns ärenden i förälderns ställe.

Jag berättar om mitt eget liv med eftertanke
Jag berättar så mycket som hjälper föräldern. Jag skyddar också mina egna barn och närstående.

Jag tar hand om mig själv
Jag ber om hjälp när en träff känns tung efteråt. Jag får ta paus när som helst, och ingen frågar varför.

Bekräftas av programmet: det här är en utgångstext som följde med tjänsten."""

PRINCIPLES_EN = """\
I am a peer
I am a parent beside a parent. I am no authority, I do not watch over anyone and I do not judge.

I respect
Parents decide about their own lives. I listen more than I advise. I do not compare the parent's experience with mine.

I am worth the trust
What I hear stays with me. Nothing is told about the parent without the parent knowing.

The child's best interest comes first
If I worry about a child, I say so and tell the co-ordinator at once.

I am honest
I say what I know and what I do not know. I promise only what I can keep.

I keep to the limits
We meet as we agreed in the start meeting. I lend no money, take no gifts and do not run the parent's affairs in the \
parent's place.

I tell my own story with care
I tell as much of it as helps the parent. I protect my own children and the people close to me, too.

I look after myself
I ask for help when a meeting weighs on me. I may take a break at any time, and nobody asks for a reason.

To be confirmed by the programme: this is the starting text that came with the service."""

UNDERTAKING_FI = """\
Mistä en kerro
En kerro kenellekään, kuka on lastensuojelun asiakas, enkä mitään, mitä kuulen vanhemmasta, lapsesta tai heidän \
läheisistään.

Kuinka kauan
Lupaus on voimassa myös sen jälkeen, kun tapaamiset tai tehtäväni ovat päättyneet.

Kenelle saan puhua
Puhun koordinaattorille ja työnohjauksessa siitä, mitä tarvitsen jaksaakseni. Sosiaalityöntekijälle kerron sen, mitä \
aloitustapaamisessa yhdessä sovittiin.

Kun huolestun lapsesta
Vaitiolo ei estä tekemästä lastensuojeluilmoitusta. Jos lapsi on heti avun tarpeessa, soitan 112. Kerron asiasta \
koordinaattorille heti.

Viestit ja paperit
En kirjoita vanhemmasta sosiaaliseen mediaan enkä tavalliseen sähköpostiin. En ota kuvia. Suojaan puhelimeni \
koodilla ja hävitän paperit, joita en enää tarvitse.

Jos jotakin lipsahtaa
Kerron siitä heti koordinaattorille. Silloin vahinko voidaan vielä korjata.

Ohjelman vahvistettava: tämä on palvelun mukana tullut pohjateksti."""

UNDERTAKING_SV = """\
Vad jag inte berättar
Jag berättar inte för någon vem som är klient inom barnskyddet, och inte heller något av det jag hör om föräldern, \
barnet eller deras närstående.

Hur länge
Löftet gäller också efter att träffarna eller mitt uppdrag har avslutats.

Vem jag får tala med
Jag talar med koordinatorn och i arbetshandledningen om det som jag behöver för att orka. För socialarbetaren \
berättar jag det som vi kom överens om tillsammans på det inledande mötet.

När jag blir orolig för ett barn
Tystnadsplikten hindrar mig inte från att göra en barnskyddsanmälan. Om ett barn genast behöver hjälp ringer jag 112. \
Jag berättar genast om saken för koordinatorn.

Meddelanden och papper
Jag skriver inte om föräldern i sociala medier eller i vanlig e-post. Jag tar inga bilder. Jag skyddar min telefon \
med en kod och förstör papper som jag inte längre behöver.

Om något slinker ut
Jag berättar genast för koordinatorn. Då kan skadan ännu rättas till.

Bekräftas av programmet: det här är en utgångstext som följde med tjänsten."""

UNDERTAKING_EN = """\
What I do not tell
I tell nobody who is a client of child protection, nor anything I hear about a parent, a child or the people close to \
them.

For how long
This promise holds also after the meetings or my task have ended.

With whom I may talk
I talk with the co-ordinator and in supervision about what I need to carry on. I tell the social worker what we agreed \
on together in the start meeting.

When I worry about a child
Silence does not keep me from making a child-welfare notification. If a child needs help at once, I call 112. I tell \
the co-ordinator about it at once.

Messages and papers
I do not write about a parent in social media or in ordinary e-mail. I take no pictures. I lock my phone with a code \
and destroy papers that I no longer need.

If something slips out
I tell the co-ordinator at once. Then the harm can still be mended.

To be confirmed by the programme: this is the starting text that came with the service."""

COMMITMENT_TEXTS = [
    {
        "kind": CommitmentKind.PRINCIPLES,
        "number": 1,
        "text_fi": PRINCIPLES_FI,
        "text_sv": PRINCIPLES_SV,
        "text_en": PRINCIPLES_EN,
    },
    {
        "kind": CommitmentKind.UNDERTAKING,
        "number": 1,
        "text_fi": UNDERTAKING_FI,
        "text_sv": UNDERTAKING_SV,
        "text_en": UNDERTAKING_EN,
    },
]


# --- guiding texts -------------------------------------------------------------------------------------------
# Read aloud by three people around one screen: short, "we", and nothing that sounds like a rule book.
GROUND_RULES_FI = """\
Tapaamme tasavertaisina
Kokemuskumppani on vanhempi, ei viranomainen. Vanhempi päättää, mistä puhutaan.

Tulemme ajoissa
Jos tapaaminen ei onnistu, sovimme uuden niin kuin tässä on sovittu.

Se, mitä kerrotaan, jää meille
Sosiaalityöntekijälle kerrotaan vain se, mitä yhdessä sovittiin. Jos asiasta pitää kertoa muille, siitä puhutaan ensin \
vanhemman kanssa.

Lapsen etu on tärkein
Jos joku meistä huolestuu lapsesta, asia otetaan heti puheeksi. Huolesta ilmoittaminen ei odota seuraavaa tapaamista. \
Kun lapsi on vaarassa, soitetaan 112.

Kumppani ei hoida lapsia yksin, ei lainaa rahaa eikä ota lahjoja
Hän voi tulla mukaan tapaamiseen, jos vanhempi niin haluaa, mutta ei puhu vanhemman puolesta.

Saa muuttaa, pitää tauon ja lopettaa
Jokainen meistä saa tehdä sen milloin vain, eikä syytä kysytä. Lopuksi tapaamme vielä kerran, jos se sopii kaikille.

Ohjelman vahvistettava: tämä on palvelun mukana tullut pohjateksti."""

GROUND_RULES_SV = """\
Vi möts som jämlikar
Erfarenhetspartnern är en förälder, inte en myndighet. Föräldern bestämmer vad vi talar om.

Vi kommer i tid
Om en träff inte går att ordna kommer vi överens om en ny, på det sätt som vi har avtalat här.

Det vi berättar stannar hos oss
Socialarbetaren får veta bara det som vi har kommit överens om tillsammans. Om något måste berättas för andra talar vi \
först med föräldern.

Barnets bästa går först
Om någon av oss blir orolig för ett barn tas saken upp genast. En anmälan väntar inte på nästa träff. När ett barn är \
i fara ringer vi 112.

Partnern sköter inte barn ensam, lånar inte ut pengar och tar inte emot gåvor
Partnern kan komma med på ett möte om föräldern vill det, men talar inte i förälderns ställe.

Var och en får ändra, ta paus och sluta
När som helst, och ingen frågar varför. Till sist träffas vi en gång till, om det passar alla.

Bekräftas av programmet: det här är en utgångstext som följde med tjänsten."""

GROUND_RULES_EN = """\
We meet as equals
The partner is a parent, not an authority. The parent decides what we talk about.

We come on time
When a meeting does not work out, we agree on a new one in the way we have agreed here.

What is told stays with us
The social worker is told only what we agreed on together. If something has to be told to others, we talk with the \
parent first.

The child's best interest comes first
If one of us worries about a child, we speak of it at once. A notification does not wait for the next meeting. When a \
child is in danger, we call 112.

The partner does not look after children alone, lends no money and takes no gifts
The partner may come along to a meeting if the parent wishes, and does not speak in the parent's place.

Each of us may change things, take a break and stop
At any time, and nobody asks for a reason. At the end we meet once more, if that suits all of us.

To be confirmed by the programme: this is the starting text that came with the service."""

CONCERN_FI = """\
Toimi heti
Epäily riittää. Todisteita ei tarvita, eikä asiaa tarvitse tutkia itse. Kun mietit, pitäisikö ilmoittaa, soita ja kysy.

Jos joku on vaarassa juuri nyt
Soita 112. Muulloin kiireellisessä asiassa auttaa sosiaalipäivystys.

Näin ilmoitat
Tee lastensuojeluilmoitus lapsen asuinalueen hyvinvointialueelle: puhelimella, lomakkeella tai paikan päällä. Älä \
kirjoita siitä tavalliseen sähköpostiin, tekstiviestiin tai tähän palveluun.

Kerro, mitä tiedät: mitä näit tai kuulit, mikä huolestutti, ja onko lapselle tai vanhemmalle kerrottu ilmoituksesta.

Puhu siitä vanhemman kanssa, jos voit
Usein on parasta, että vanhempi kuulee asiasta sinulta. Jos se voi vaarantaa lapsen, älä kerro vaan ilmoita.

Kuka ilmoittaa
Joka työssään tai tehtävässään auttaa perheitä, on yleensä velvollinen ilmoittamaan omalla nimellään. Myös jokainen \
muu saa ilmoittaa.

Et jää yksin
Kerro ohjelman työntekijöille, että olit huolissasi. He eivät tarvitse tietoa siitä, mitä lapsesta kerrottiin, mutta \
he auttavat sinua miettimään ja jaksamaan. Tähän palveluun merkitään vain se, että asia on hoidettu.

Ohjelman vahvistettava: tämä on palvelun mukana tullut pohjateksti."""

CONCERN_SV = """\
Handla genast
En misstanke räcker. Du behöver inga bevis och ska inte utreda saken själv. Funderar du på att anmäla: ring och fråga.

Om någon är i fara just nu
Ring 112. I andra brådskande fall hjälper socialjouren.

Så här anmäler du
Gör en barnskyddsanmälan till välfärdsområdet där barnet bor: per telefon, med blankett eller på plats. Skriv inte om \
det i vanlig e-post, i ett textmeddelande eller i den här tjänsten.

Berätta vad du vet: vad du såg eller hörde, vad som oroade dig, och om barnet eller föräldern vet att du anmäler.

Tala med föräldern om du kan
Ofta är det bäst att föräldern hör det av dig. Om det kan vara farligt för barnet ska du inte berätta utan anmäla.

Vem anmäler
Den som i sitt arbete eller sitt uppdrag hjälper familjer är för det mesta skyldig att anmäla i eget namn. Också alla \
andra får anmäla.

Du blir inte ensam
Berätta för programmets anställda att du var orolig. De behöver inte veta vad som sades om barnet, men de hjälper dig \
att tänka och orka. I den här tjänsten antecknas bara att saken har skötts.

Bekräftas av programmet: det här är en utgångstext som följde med tjänsten."""

CONCERN_EN = """\
Act at once
A suspicion is enough. You need no proof, and you need not look into it yourself. When you wonder whether to notify, \
call and ask.

If somebody is in danger right now
Call 112. In other urgent matters the social emergency service helps.

How to notify
Make a child-welfare notification to the wellbeing services county where the child lives: by phone, with the form, or \
by going there. Do not write about it in ordinary e-mail, in a text message or in this service.

Say what you know: what you saw or heard, what worried you, and whether the child or the parent has been told.

Talk with the parent if you can
It is often best that the parent hears it from you. If that could put the child in danger, do not tell: notify.

Who notifies
Whoever helps families in a job or on a task is mostly bound to notify, in the own name. Anybody else may do so too.

You are not left alone
Tell the project staff that you were worried. They need not know what was said about the child, but they help you to \
think and to carry on. In this service only one thing is written down: that it has been dealt with.

To be confirmed by the programme: this is the starting text that came with the service."""

GUIDE_TEXTS = [
    {
        "kind": GuideKind.GROUND_RULES,
        "number": 1,
        "text_fi": GROUND_RULES_FI,
        "text_sv": GROUND_RULES_SV,
        "text_en": GROUND_RULES_EN,
    },
    {
        "kind": GuideKind.CONCERN,
        "number": 1,
        "text_fi": CONCERN_FI,
        "text_sv": CONCERN_SV,
        "text_en": CONCERN_EN,
    },
]


def install(*, published_on: datetime.date) -> int:
    """Put in place what is missing and touch nothing that is there. Returns how many rows were made."""
    made = [
        LegalGround.objects.get_or_create(code=ground["code"], defaults=ground)[1] for ground in LEGAL_GROUNDS
    ]
    made += [Topic.objects.get_or_create(code=topic["code"], defaults=topic)[1] for topic in TOPICS]
    from_then_on = {"published_on": published_on}
    made += [
        model.objects.get_or_create(
            kind=text["kind"], number=text["number"], defaults={**text, **from_then_on, **more}
        )[1]
        for model, texts, more in (
            (CommitmentText, COMMITMENT_TEXTS, {"required_from": published_on}),
            (GuideText, GUIDE_TEXTS, {}),
        )
        for text in texts
    ]
    return sum(made)
