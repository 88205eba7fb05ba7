"""The words with which Spanish and Portuguese outlets lead away from an article.

Three kinds: invitations to another article (*lea también*), to a service (*suscríbase*, *receba*), and
credits of pictures. All are matched at the start of a line or block, without regard to case.
"""

import re
from importlib.resources import files

_INVITE = r"""
  (?:y\s+)?(?:lea|lee|leé|leer|vea|ve|ver|veja|leia|mira|mirá|mire|mirar|revisa|revisá|revise
  |conozca|conoce|conheça|escucha|escuche|sigue|siga|confira|assista|ouça|ouvir|entenda|acompanhe
  |consulta|consulte|descubra|descubre|repasa|repase|recuerda|recuerde|relembre)\s+(?:también|además
  |tambien|también\ en|más|mas|mais|também|tambem|ainda|aquí|aqui|acá|aún|abaixo|a\ seguir|o\ vídeo
  |el\ video|el\ vídeo|la\ nota|la\ noticia|la\ entrevista|la\ galería|a\ íntegra|na\ íntegra
  |el\ (?:documento|informe|comunicado)\ completo|completa|en\ este\ enlace)|(?:te|le|les|os|también\ te
  |também\ te|también\ le
  |quizás\ te|quizá\ te|tal\ vez\ te|também|también|además|além\
  disso,?)?\s*(?:puede[ns]?|podría[ns]?|pode[m]?
  |poderá)\s+(?:también\s+|também\s+)?(?:te\s+|le\s+|lhe\s+|)(?:interesar(?:le|te|les)?|interessar
  |gustar(?:le|te)?|gostar|ver|leer|ler|servir(?:le|te)?)|(?:te|le|les|os|lhe)\s+(?:recomendamos
  |sugerimos|interesa|invitamos(?:\ a\ leer)?)|(?:quizás?|tal\ vez|talvez)\s+(?:te|le|les|os
  |lhe)?\s*(?:interese|guste|interesse)|(?:você|vc|vos)\s+(?:pode|vai|podés)\s+(?:gostar|querer\ ler
  |leer|ver)|puedes?\s+(?:ver|leer|encontrar)(?:\s+(?:también|más|aquí))?|(?:nota|noticia|artículo
  |tema|contenido|lectura|historia|enlace|notícia|matéria|conteúdo|reportagem|reportagen
  |assunto)s?\s+(?:relacionad[ao]s?|recomendad[ao]s?|sugerid[ao]s?|vinculad[ao]s?|d[eo]stacad[ao]s?
  |complementari[ao]s?|relacionado\ con)|(?:no\ (?:te|se|os)\ (?:lo\ )?(?:pierdas?|pierda|perdáis) |não\
  perca|não\ deixe\ de\ (?:ler|ver)|no\ dej[ea][sn]?\ de\ (?:leer|ver)|¿ya\ le[íy](?:ste|ó)\?|¿sabías\ que\?
  |(?:en|em)\ (?:otras|outras)\ (?:noticias|notícias)|para\ (?:leer|ler|saber|ver)\ (?:más|mais))
  |(?:seguir|segui|sigue|sigua|siga|continúa|continua
  |continuar|continue|para\ seguir)\s+(?:leyendo|lendo|a\ ler|a\ leitura)|(?:leia|lea|ler|leer|ver
  |veja|saiba|saber|conoce|conozca|más|mais|otras?|outras?)\s+(?:más\ |mais\ |mas\ )?(?:noticias?
  |notícias?|información|informações|notas|matérias|artículos|contenidos)(?:\ (?:de|del|sobre|en|em|da
  |do)\ [\w\ ]{2,30}(?=:))?|saib[ae]\s+(?:mais|más
  |como|tudo)|mais\s+(?:lidas|vistas|notícias|recentes|sobre|em|de|do|da|informações)|(?:lo|los|las
  |as|os)?\s*(?:más|mas|mais)\s+(?:leíd[ao]s?|leid[ao]s?|vist[ao]s?|lid[ao]s|populares|comentad[ao]s
  |buscad[ao]s)|más\s+(?:sobre|en|de|del|noticias|información|contenido|temas|historias |en\ esta\
  sección)|(?:en|em)\s+contexto|contexto|antecedentes?|recomendad[ao]s?|relacionad[ao]s?
  |destacad[ao]s|(?:también|también\ lea|además|también\ le\ puede\ interesar|também|e\ mais|y\ más
  |lea|leia|mira|mire|mirá|vea|veja|ver|lee|video|vídeo|vídeos|videos|fotos|galería|fotogaler[ií]a
  |galeria|podcast|infografía|infográfico|análisis|especial|opinión|perfil|assista|ouça|escucha
  |escuche|confira|entenda|enlace|fuente\ original|link|aquí|aqui)
"""

_SERVICE = r"""
  para\ (?:seguir|continuar)\ (?:leyendo|lendo|la\ lectura|a\ leitura).{0,80}(?:suscr|sesión|regístr|login
  |assin|cadastr).{0,80}$
  |¿?(?:te\ gustó|gostou)\b.{0,40}(?:nota|artículo|noticia|matéria|texto|notícia)\?.{0,80}$
  |(?:y\s+)?(?:recuerda|lembre)\ que\ (?:puedes|pode)\ recibir\ notificaciones.{0,120}$
  |(?:(?:nosotros\ y|nós\ e)\ )?(?:nuestros|nossos)\ (?:\d+\ )?(?:socios|parceiros)\b.{0,80}
  \b(?:almacen|armazen|dispositiv|cookies|datos|dados).{0,200}$
  |(?:est[ea]\ |)(?:contenido|artículo|nota|noticia|conteúdo|matéria|reportagem|texto)\ (?:es\ |é\ )?
  (?:exclusiv[ao]|sólo|solo|apenas|somente|reservad[ao]).{0,30}\b(?:suscriptores|assinantes|socios
  |miembros).{0,40}$|
  (?:¡|¿)?(?:suscr[ií]b[aei](?:te|se|nse|os)|suscribite|suscribirse|suscripción\ digital|subscreva
  |inscreva-se|inscríbe(?:te|se)|assine|reg[ií]stra(?:te|se)|regístrese|cadastre-se
  |h[aá]ga?zte\ (?:miembro|socio|socia|suscriptor)|h[aá]gase\ (?:miembro|socio)|hacete\ (?:miembro
  |socio)|apoie|apóyanos|apoye\ (?:el|nuestro))\b|(?:reciba|recibí|recibe|receba
  |quieres\ recibir|quer\ receber|desea\ recibir|quiero\ recibir)\b.{0,80}\b(?:(?:las|nuestras|as|nossas
  |principales|principais|últimas|más)
  \ (?:noticias|notícias|alertas|novedades)|boletín|boletines|newsletters?|en\ tu\ (?:correo|celular|inbox)
  |no\ seu\ (?:e-?mail|celular))|(?:síg[au]e(?:nos|me|lo|la|los)?|sigue?nos|seguinos|siga(?:-nos|nos)?
  |(?:sigue|siga|sigan|seguí)
  \ (?:a|al|o\ (?:canal|perfil)|toda|nuestr[oa]s?|nosso|la\ (?:cobertura|información)|las\ noticias
  |el\ canal)
  |(?:también\ )?puedes?\ segui(?:r|rnos)|podés\ seguir(?:nos)?|únete|unite|únase|entre\ no
  |participe\ d?[no]o
  |acompanhe\ (?:[oa]s?|nosso|nossas|tudo))\b.{0,80}\b(?:facebook|twitter|instagram|whatsapp|telegram
  |tiktok|youtube
  |google\ (?:news|noticias|notícias|discover)|redes\ sociales|redes\ sociais|nuestro\ canal
  |nosso\ canal|nuestros\ canales|threads|linkedin|bluesky)|(?:(?:recuerda\ que
  |ahora)\ puedes\ recibir\ notificaciones|descarga|descargá|descargue|baixe
  |instala)\b.{0,60}\b(?:app|aplicación|aplicativo)|(?:compart[aeií]r?|comparte|compartilhe
  |compartilhar)(?:\ (?:esta|este|en|no|na|el|la|a|o)\b.{0,60}|:)?$|(?:haga|haz|hacé|hacer|da|dale
  |clique|cliqué|dar)\s*(?:un\s+)?(?:clic|click)?\s*(?:aquí|aqui|acá|en\ este|no\ link
  |en\ el\ (?:enlace|link)).{0,120}$|(?:dej[aeáé]|deja|deixe|escribe|escribí|escreva|añade
  |agrega)\s+(?:tu|su|un|seu|um|o\ seu)\s+(?:comentario|comentário|opinión)|(?:comentarios?
  |comentários?|comenta|comentar|comente|opina)(?:\ .{0,40})?$|(?:publicidad|publicidade|anuncio
  |advertisement|patrocinad[ao]|contenido\ patrocinado|continúa\ después\ de\ la\ publicidad
  |continua\ (?:depois|após)\ d?a?\s?publicidade)\b.{0,40}$|(?:continua|continúa)\s+(?:depois
  |después|após|abaixo|más\ abajo).{0,50}$|(?:temas|tags?|etiquetas?|palabras\ clave|archivado\ en
  |tópicos|assuntos|em\ alta|categorías?|sección|mais\ tags)\s*:.{0,200}$|temas\ (?:relacionados
  |de\ esta\ noticia|que\ te\ pueden\ interesar)|(?:escucha|escuche|escuchá|ouça|oír
  |ouvir)\s+(?:este|esta|la|el|a|o)\s+(?:artículo|nota|noticia|notícia|matéria).{0,40}$
  |tiempo\ de\ lectura.{0,30}$|tempo\ de\ leitura.{0,30}$|(?:actualizad[ao]|atualizad[ao]
  |publicad[ao]|última\ actualización|última\ atualização|creado|modificado)\s*(?:el|em|a\ las|às|:
  |\d).{0,60}$|(?:todos\ los\ derechos|todos\ os\ direitos|derechos)\s+reservados.{0,80}$|©.{0,120}$
  |prohibida\ (?:su|la)\ reproducción.{0,160}$|(?:imprimir|guardar|enviar|copiar\ enlace
  |copiar\ link|copiar|facebook|twitter|whatsapp|telegram|e-?mail|linkedin|x)$|(?:si\ (?:tiene
  |tienes|quiere|quieres)|para)\b.{0,60}(?:escríbanos|escribirnos|escríbenos|contáctenos|contáctanos
  |contactarnos).{0,120}$|(?:puede[sn]?|podés)\s+(?:escribirnos|escribirme|contactarnos).{0,160}$
  |(?:reciba|recibe|receba)\s+(?:gratis\s+)?(?:nuestr[oa]s?|noss[oa]s?|el|o|la
  |a)\s+(?:\w+\s+)?(?:resumen|resumo
  |bolet[ií]n|boletim|newsletter|selección|seleção)\b.{0,120}$|(?:(?:también|também|ahora
  |agora)\s+)?(?:puede[sn]?|podés|pode)
  \s+(?:escuchar|oír|ver|leer|ouvir|ler|suscribir\w*|seguir\w*|recibir|receber)\b.{0,120}\b(?:p[óo]dcast
  |spotify|youtube|newsletter
  |bolet[ií]n|boletim|whatsapp|telegram|en\ tu\ correo|no\ seu\ celular).{0,60}$|(?:cargando
  |carregando)\b.{0,40}$
  |(?:conoce|conozca|conheça|visita|visite|más\ información|mais\ informações)\b.{0,30}\b(?:página\ web
  |sitio\ web|nosso\ site)\b.{0,60}$
  |(?:(?:esta|este)\s+)(?:contenido|texto|nota|artículo|conteúdo|matéria|noticia|notícia)\s+(?:fue|foi
  |ha\ sido|se)\b.{0,80}
  \b(?:inteligencia\ artificial|inteligência\ artificial|edición\ impresa|edição\ impressa)\b.{0,160}$
  |(?:(?:esta|este|o|a|el|la)\s+)?(?:funcionalidad
  |contenido|artículo|nota|conteúdo|matéria|reportagem|texto)\s+(?:es\s+|é\s+)?(?:exclusiv[ao]|s[óo]lo
  |reservad[ao])
  \s+para\s+(?:nuestros\s+|nossos\s+)?(?:suscriptores|assinantes|socios|miembros).{0,80}$
  |(?:ayúdanos|ayúdenos|valora|califica|avalie|ajude)\b.{0,60}(?:noticia|artículo|nota|periodismo
  |jornalismo).{0,60}$
"""

_CREDIT = r"""
  \(?\b(?:foto(?:grafía)?s?|fotos?|photo|imagen|imagem|crédito|créditos|credit|video|ilustración
  |reprodução|divulgação|captura)(?:\s+de\s+archivo|\s+archivo)?\s*[:/|]\s*\S.{0,80}$|\((?:foto
  |imagen|imagem|reprodução|divulgação|archivo|cortesía)[^()]{0,90}\)\.?$|(?:/|\|)\s*(?:efe|afp|ap
  |reuters|getty\ images|ansa|europa\ press|agência\ brasil|folhapress|xinhua|notimex|shutterstock
  |archivo)\b.{0,30}$|^.{3,120}[.\s](?-i:EFE|AFP|AP|ANSA|ABR
  |REUTERS)\s?/\s?(?-i:[A-ZÁÉÍÓÚÂÊÔÃÕÇ])[\w.'’-]*(?:\s[\w.'’-]+){0,3}$
"""

#: signs before a line's first word; a quotation mark or ¿ is part of what is said
_OPEN = r"^[^\w¿¡“”\"'«‘]*"

#: an invitation to another article at the start of a line
INVITATION = re.compile(_OPEN + rf"(?P<phrase>{_INVITE})(?![\w-])", re.IGNORECASE | re.VERBOSE)
#: an offer of the outlet's own services at the start of a line
SERVICE = re.compile(_OPEN + rf"(?:{_SERVICE})", re.IGNORECASE | re.VERBOSE)
#: whole lines that a page says of itself
LINE = re.compile(
    "|".join(
        f"(?:{line})"
        for line in files(__package__).joinpath("lines.txt").read_text("utf-8").splitlines()
        if not line.startswith("#")
    ),
    re.IGNORECASE,
)
#: who made a picture, at the end of a line
CREDIT = re.compile(_CREDIT, re.IGNORECASE | re.VERBOSE)

#: what only the dialogue about a reader's own account says
_ACCOUNT = re.compile(
    r"\b(?:tu|sua|tua)\s(?:suscripción|cuenta|contraseña|assinatura|conta|senha)\b|(?:este|otro"
    r"|un)\sdispositivo\b(?=.{0,90}\b(?:le|a la vez|otro|no se|cuenta))",
    re.IGNORECASE,
)
#: what only an appeal for support says
_APPEAL = re.compile(
    r"^(?:hacemos periodismo|a você que chegou até aqui|se você (?:chegou até aqui|gostou)"
    r"|si (?:has llegado|llegaste) hasta aquí)\b"
    r"|\b(?:apoi[ea]|apoy[ae]|apóy[ae](?:nos)?|sostené|sostén|financi[ae]"
    r"|contribu[ay]a?)\b.{0,60}\b(?:periodismo|jornalismo|nuestro trabajo|nosso trabalho)"
    r"|\bapoi[ea] por pix\b|\bapoie o \w+$",
    re.IGNORECASE,
)
#: what only a dialogue about consent says
_COOKIES = re.compile(
    r"\b(?:nuestros|nossos)\s(?:[\d.]+\s)?(?:socios|parceiros)\b(?=.*\b(?:cookies|datos|dados)\b)"
    r"|\b(?:utilizamos|usamos|(?:este|el|nuestro|o|nosso) (?:sitio|site|portal)(?: web)? (?:utiliza|usa))"
    r"\s(?:\w+\s)?cookies\b",
    re.IGNORECASE,
)
_FOLLOW = re.compile(
    r"\b(?:siga-nos|síguenos|seguinos|síganos|únete a nuestro canal|nuestro canal de whatsapp"
    r"|nosso canal)\b",
    re.IGNORECASE,
)

_SKIP = re.compile(
    r"^(?:pule|pular|saltar|ir a)\b.{1,100}\b(?:e continue lendo|y continuar leyendo)$", re.IGNORECASE
)

_ENDS = re.compile(_OPEN + r"|[^\w?%)”»\"']+$")
_AFTER = re.compile(r"\s*[:：|»>→…(\[]|\s*[.!]*[)\]]?\s*$|\s+[-–—]\s")
#: labels under which an article's own sections stand too: only a link makes them an invitation
_WEAK = re.compile(
    r"^(?:(?:en|em) contexto|contexto|antecedentes?|destacad[ao]s|además|análisis|especial|opinión"
    r"|perfil|entenda)$",
    re.IGNORECASE,
)
#: one paragraph of an article is rarely shorter, a teaser rarely longer
TEASER_LENGTH = 320


def is_invitation(line: str, linked: float = 0.0) -> bool:
    """Whether a line leads to another article; ``linked`` is the part of it that is a link."""
    if len(line) > TEASER_LENGTH:
        return False
    found = INVITATION.match(line)
    if found is None or linked >= 0.4:
        return found is not None
    return not _WEAK.match(found["phrase"]) and bool(_AFTER.match(line, found.end()))


def is_service(line: str) -> bool:
    """Whether a line offers a newsletter, an application or sharing, or asks for money or consent."""
    if len(line) > 2 * TEASER_LENGTH:
        return False
    about_account = len({found.casefold() for found in _ACCOUNT.findall(line)})
    if about_account > 1 or (about_account and len(line) < 90):
        return True
    if _APPEAL.search(line) or _COOKIES.search(line):
        return True
    return len(line) <= TEASER_LENGTH and bool(
        SERVICE.match(line) or LINE.fullmatch(_bare(line)) or (len(line) < 160 and _FOLLOW.search(line))
    )


def _bare(line: str) -> str:
    """A line without the signs before its first and after its last word; a closing quotation mark stays."""
    return _ENDS.sub("", line)


def is_way_around(line: str) -> bool:
    """Whether a line is the link for screen readers that leads around a box (*Saltar … y continuar*)."""
    return bool(_SKIP.match(line))


def is_credit(line: str) -> bool:
    """Whether a line is a picture's caption with its credit."""
    return len(line) <= TEASER_LENGTH and bool(CREDIT.search(line))
