// Texts of the setup page. In Spanish.

/** @satisfies {import('../../types.d.ts').Texts} */
export const setup = {
  'setup.skip': 'Saltar al contenido',
  'setup.hero.title': 'Tu Copilot, en todas las herramientas',
  'setup.hero.intro': 'Vincula GitHub una vez. Obtienes una dirección y una contraseña que funcionan en Claude Code, '
    + 'Cursor, Codex y todo lo que hable OpenAI o Anthropic.',
  'setup.door.register': 'Obtener acceso',
  'setup.door.label': 'Nuevo o ya registrado',
  'setup.sign-in': 'Iniciar sesión',
  'setup.closed.title': 'Este proxy admite usuarios nuevos solo con invitación',
  'setup.closed.intro':
    'Su operador ha cerrado el registro. Pídele una invitación, un enlace que funciona una vez, y ábrela '
    + 'o pégala aquí. Si tienes nombre de usuario y contraseña, inicia sesión.',
  'setup.closed.invite': 'Tu invitación',
  'setup.closed.invite.example': 'acpi-… o el enlace',
  'setup.closed.use': 'Usar la invitación',
  'setup.register.link': 'Vincula tu cuenta de GitHub',
  'setup.register.choose': 'Elige un nombre',
  'setup.username': 'Nombre de usuario',
  'setup.username.example': 'p. ej. mona',
  'setup.register.password': 'Contraseña, creada para ti',
  'setup.register.password.hint':
    'También sella tu token de GitHub. Nadie puede consultarla después por ti, así que guárdala en un '
    + 'gestor de contraseñas.',
  'setup.register.code': 'Código de registro',
  'setup.register.settings': 'Obtén tus ajustes',
  'setup.remember': 'Recordar este dispositivo',
  'setup.register.save': 'Guardar y mostrar mis ajustes',
  'setup.closed.short': 'Este proxy admite usuarios nuevos solo con invitación.',
  'setup.password': 'Contraseña',
  'setup.sign-in.lost': '¿Has perdido la contraseña? No se puede recuperar. Pide al operador que elimine el usuario y '
    + 'regístrate de nuevo. ¿Tienes la sesión abierta en otro dispositivo? Su página muestra un código para '
    + 'este, en Cuenta.',
  'setup.home.chat': 'Abrir el chat',
  'setup.home.sign-out': 'Cerrar sesión',
  'setup.tabs.label': 'Tu cuenta',
  'setup.tab.connect': 'Conectar',
  'setup.tab.keys': 'Claves',
  'setup.tab.usage': 'Uso',
  'setup.tab.models': 'Modelos',
  'setup.tab.seats': 'Puestos',
  'setup.tab.account': 'Cuenta',
  'setup.access.title': 'Tu acceso',
  'setup.tool.title': 'Conectar una herramienta',
  'setup.tool.model': 'Modelo',
  'setup.tool.shell': 'Consola',
  'setup.tool.tabs': 'Herramientas',
  'setup.test.title': 'Probar mi conexión',
  'setup.test.run': 'Ejecutar la prueba',
  'setup.test.intro':
    'Sigue una petición desde aquí hasta Copilot y de vuelta: token de GitHub, puesto, servidor, modelos '
    + 'y una respuesta corta de un modelo que no cuesta nada en los planes de pago.',
  'setup.keys.title': 'Claves',
  'setup.keys.intro': 'Una por herramienta o equipo. Una clave abre la API, no tu cuenta. Puedes revocarla y las demás '
    + 'siguen.',
  'setup.keys.name': 'Nombre de la clave nueva',
  'setup.keys.name.example': 'p. ej. Codex en mi portátil',
  'setup.keys.end': 'Validez',
  'setup.keys.end.0': 'hasta que la revoque',
  'setup.keys.end.7': '7 días',
  'setup.keys.end.30': '30 días',
  'setup.keys.end.90': '90 días',
  'setup.keys.end.365': 'un año',
  'setup.keys.cap': 'Créditos al mes',
  'setup.keys.cap.none': 'sin límite',
  'setup.keys.seat': 'Puesto',
  'setup.keys.models': 'Solo estos modelos',
  'setup.keys.models.all': 'todos, o ids separados por comas',
  'setup.keys.create': 'Crear clave',
  'setup.usage.title': 'Uso',
  'setup.usage.refresh': 'Actualizar',
  'setup.models.title': 'Modelos',
  'setup.seats.title': 'Puestos',
  'setup.seats.add': 'Añadir un puesto',
  'setup.seats.intro':
    'Las cuentas de GitHub que has vinculado. Una herramienta usa {0}, salvo que su clave esté ligada a '
    + 'otro puesto o envíe la cabecera {1}. La prueba, la cuota, los modelos y el chat de estas páginas '
    + 'usan {2}.',
  'setup.devices.title': 'Dispositivos',
  'setup.phone.offer': 'Iniciar sesión en un teléfono',
  'setup.devices.intro':
    'Los navegadores con sesión en estas páginas, diez como máximo. Revoca el que hayas perdido: su '
    + 'sesión se cierra en tres minutos.',
  'setup.account.title': 'Cuenta',
  'setup.relink.heading': 'Vínculo con GitHub',
  'setup.relink.intro':
    'Vincula de nuevo si GitHub ha revocado el token del puesto {0}, o para usar ahí otra cuenta. El '
    + 'nombre y la contraseña se conservan.',
  'setup.relink.open': 'Vincular GitHub de nuevo',
  'setup.rotate.heading': 'Contraseña',
  'setup.rotate.intro':
    'Crea una nueva. La anterior deja de funcionar en tres minutos y se cierra la sesión en los demás '
    + 'navegadores; las claves siguen.',
  'setup.rotate.open': 'Cambiar contraseña',
  'setup.delete.heading': 'Eliminar',
  'setup.delete.intro':
    'Elimina aquí este usuario, con todos sus tokens de GitHub, claves, dispositivos y uso. Tus cuentas '
    + 'de GitHub no se tocan.',
  'setup.delete.open': 'Eliminar usuario',
  'setup.phone.title': '¿Iniciar sesión en este dispositivo?',
  'setup.phone.ask':
    'Has abierto un código que muestra otro dispositivo. Sigue solo si ese dispositivo es tuyo: pasas a '
    + 'ser el usuario de ese código.',
  'setup.cancel': 'Cancelar',
  'setup.relink.password': 'Tu contraseña',
  'setup.save': 'Guardar',
  'setup.rotate.ask': 'La página crea una contraseña nueva y la muestra una vez. Se cierra la sesión en los demás '
    + 'navegadores; las claves siguen.',
  'setup.rotate.password': 'Tu contraseña actual',
  'setup.rotate.save': 'Crear una contraseña nueva',
  'setup.revoke.title': '¿Revocar esta clave?',
  'setup.revoke.ask': 'Las herramientas que usan {0} dejan de funcionar.',
  'setup.revoke': 'Revocar',
  'setup.seats.name': 'Nombre',
  'setup.seats.name.example': 'p. ej. trabajo',
  'setup.seats.name.hint': 'Letras minúsculas, cifras y guiones.',
  'setup.unlink.title': '¿Quitar este puesto?',
  'setup.unlink.ask': 'Las claves ligadas a {0} dejan de funcionar. La cuenta de GitHub no se toca.',
  'setup.unlink.save': 'Quitar',
  'setup.delete.title': '¿Eliminar este usuario?',
  'setup.delete.ask': 'Las herramientas que lo usan dejan de funcionar. No se puede deshacer.',
  'setup.delete.password': 'Escribe tu contraseña para confirmar',
  'setup.title.tab': 'Copilot Proxy · {tab}',
  'setup.fact.sealed': 'Token de GitHub sellado con tu contraseña',
  'setup.fact.cookie': 'Una cookie, para tu sesión; la página no carga nada de otros sitios',
  'setup.fact.chat': 'Incluye un chat en el navegador',
  'setup.home.back': 'Hola de nuevo, {username}',
  'setup.home.new': 'Te damos la bienvenida, {username}',
  'setup.once': 'La página solo la muestra esta vez.',
  'setup.never': 'nunca',
  'setup.unknown': 'desconocido',
  'setup.of': '{part} de {all}',
  'setup.copy-report': 'Copiar informe',
  'setup.key.what': 'la clave',
  'setup.password.what': 'la contraseña',
  'setup.password.wrong': 'Esa no es la contraseña. No se ha cambiado nada.',
  'setup.password.whole': 'Escribe la contraseña completa: acpc- y diez letras o cifras.',
  'setup.password.form': 'Una contraseña es acpc- y diez letras o cifras.',
  'setup.username.enter': 'Escribe tu nombre de usuario.',
  'setup.spreading':
    'Tu nuevo acceso se está propagando por la red de Cloudflare; puede tardar un minuto. Reintentando… '
    + '({seconds} s)',
  'setup.rename': 'Renombrar',
  'setup.rename.what': 'Renombrar {name}',
  'setup.rename.new': 'Nombre nuevo de {name}',
  'setup.revoke.what': 'Revocar {name}',
  'setup.column.name': 'Nombre',
  'setup.column.last-used': 'Último uso',
  'setup.column.ends': 'Termina',
  'setup.column.seat': 'Puesto',
  'setup.column.credits': 'Créditos de este mes',
  'setup.column.github': 'Cuenta de GitHub',
  'setup.column.plan': 'Plan',
  'setup.column.signed-in': 'Sesión iniciada',
  'setup.column.model': 'Modelo',
  'setup.state.saved': 'Guardado. Inicia sesión con tu nombre de usuario y tu contraseña para ver tus ajustes.',
  'setup.state.saved-unchecked':
    'Guardado, pero no se pudo contactar con GitHub para comprobar el token. Inicia sesión y ejecuta la '
    + 'prueba de conexión en un minuto.',
  'setup.state.signed-out': 'Has cerrado la sesión en otra pestaña.',
  'setup.state.deleted': 'El usuario y su token de GitHub se han eliminado.',
  'setup.state.invalid':
    'Este proxy no puede usar ese token: debe empezar por ghu_, gho_ o github_pat_. Vincula GitHub abajo '
    + 'para obtener uno.',
  'setup.state.invalid-username':
    'Ese nombre de usuario está reservado o mal formado. Usa letras minúsculas y cifras, con guiones '
    + 'sueltos entre ellas.',
  'setup.state.invalid-password': 'Esa contraseña no tiene el formato correcto. La página crea una válida para ti.',
  'setup.state.auth-failed':
    'El nombre de usuario o la contraseña no son correctos, o este proxy no admite usuarios nuevos sin '
    + 'código o invitación. No se ha cambiado nada.',
  'setup.state.cross-site':
    'Esa petición venía de otro sitio y el proxy la rechazó. Usa el formulario de esta página. Detrás de '
    + 'un proxy inverso, el operador define PUBLIC_ORIGIN.',
  'setup.state.rate-limited': 'Este servidor: llegaron demasiados intentos desde tu dirección. Espera unos minutos.',
  'setup.state.kv-missing':
    'Este servidor: su almacén aún no está configurado, así que nadie puede registrarse. En Node, define '
    + 'CF_API_TOKEN, CF_ACCOUNT_ID y CF_KV_NAMESPACE_ID, o STORE=sqlite, y reinicia. En Cloudflare Workers, '
    + 'enlaza un espacio KV como TOKEN_KV.',
  'setup.state.store-unavailable':
    'Este servidor: su almacén no responde en este momento. Inténtalo de nuevo en un minuto.',
  'setup.state.github-rejected':
    'GitHub no acepta el token o la cuenta no tiene Copilot. Vincula una cuenta que tenga un puesto; no '
    + 'se ha guardado nada.',
  'setup.state.draining': 'Este servidor se está reiniciando. Recarga en un momento.',
  'setup.state.unreachable': 'Navegador o red: el proxy no responde. ¿Está en marcha y tienes conexión?',
  'setup.state.invalid-invite': 'Esa invitación está incompleta. Copia el enlace entero y ábrelo de nuevo.',
  'setup.link.intro': 'Lo apruebas en github.com con un código corto. Esta página nunca ve tu contraseña de GitHub.',
  'setup.link.start': 'Vincular GitHub',
  'setup.link.paste': 'Pegar un token en su lugar',
  'setup.link.instead': 'Vincular GitHub en su lugar',
  'setup.link.token': 'Token de GitHub',
  'setup.link.token.example': 'ghu_…, gho_… o github_pat_…',
  'setup.link.token.hint':
    'Un token de una aplicación de Copilot (ghu_, gho_) o un token personal detallado (github_pat_) de tu '
    + 'propia cuenta con el permiso Copilot Requests. Los tokens clásicos (ghp_) no sirven.',
  'setup.link.requesting': 'Pidiendo un código a GitHub…',
  'setup.link.enter': 'Abre GitHub, introduce el código y vuelve aquí.',
  'setup.link.waiting': 'Esperando a que lo apruebes en GitHub…',
  'setup.link.slower': 'GitHub pide a la página que espere más. Seguimos esperando…',
  'setup.link.offline': 'Sin respuesta por ahora. Reintentando…',
  'setup.link.denied': 'El acceso se denegó en GitHub. Empieza de nuevo si no era tu intención.',
  'setup.link.expired': 'El código ha caducado. Empieza de nuevo para obtener otro.',
  'setup.link.cancelled': 'Cancelado',
  'setup.link.open': 'Copiar código y abrir GitHub',
  'setup.link.code': 'Tu código',
  'setup.link.code.what': 'el código',
  'setup.link.left': 'Caduca en {time}',
  'setup.link.done': 'GitHub está vinculado',
  'setup.link.other': 'Usar otra cuenta',
  'setup.link.failed': 'No se pudo vincular. {why}',
  'setup.link.first': 'Vincula primero tu cuenta de GitHub.',
  'setup.link.running': 'Termina primero de vincular.',
  'setup.link.classic':
    'Ese es un token de acceso personal clásico, que Copilot nunca acepta. Vincula GitHub, o pega un '
    + 'token detallado (github_pat_) con el permiso Copilot Requests.',
  'setup.link.unusable':
    'Este proxy no puede usar ese token: debe empezar por ghu_, gho_ o github_pat_. Vincula GitHub para '
    + 'obtener uno.',
  'setup.register.new': 'Nueva',
  'setup.register.invite': 'De tu invitación. Funciona una vez.',
  'setup.register.code.hint': 'Te lo da el operador de este proxy.',
  'setup.register.unfinished': 'GitHub aún no está vinculado. Termina el paso 1 o cancélalo.',
  'setup.register.only':
    'Te has registrado, pero la sesión no está iniciada. Guarda la contraseña de arriba e inicia sesión '
    + 'con ella. {why}',
  'setup.register.address': 'Tu dirección será {address}',
  'setup.register.bad-code':
    'El código es incorrecto o ya se usó, o el nombre está ocupado y tiene otra contraseña. Pide un '
    + 'código al operador, o inicia sesión si el nombre es tuyo.',
  'setup.register.taken':
    'Este nombre está ocupado y tiene otra contraseña. Elige otro nombre, o inicia sesión si es tuyo.',
  'setup.register.unchecked':
    'Guardado, pero no se pudo contactar con GitHub para comprobar el token. Ejecuta la prueba de '
    + 'conexión de abajo en un minuto.',
  'setup.closed.bad': 'Esto no es una invitación: pega el enlace entero o el código que empieza por acpi-.',
  'setup.sign-in.cookies':
    'El navegador no conservó la sesión. Permite cookies para esta dirección e inténtalo de nuevo.',
  'setup.sign-in.limited':
    'Este servidor: llegaron demasiadas contraseñas incorrectas desde tu dirección. Espera un minuto.',
  'setup.sign-in.wrong': 'El nombre de usuario o la contraseña no son correctos.',
  'setup.sign-in.spreading':
    'Si te registraste o cambiaste la contraseña hace menos de un minuto en otro dispositivo, espera un '
    + 'momento e inténtalo de nuevo.',
  'setup.again.title': 'Iniciar sesión de nuevo',
  'setup.again.leave': 'Salir',
  'setup.again.reason': '{why} Inicia sesión como {name} para seguir; lo que has escrito se conserva.',
  'setup.again.wrong': 'Esa no es la contraseña.',
  'setup.relink.done': 'GitHub está vinculado de nuevo.',
  'setup.rotate.done': 'La contraseña ha cambiado. Se cierra la sesión en los demás navegadores; las claves siguen.',
  'setup.phone.qr': 'El enlace de inicio de sesión como código QR',
  'setup.phone.scan': 'Escanea el código con la cámara del teléfono y abre el enlace.',
  'setup.phone.once':
    'Inicia sesión en un dispositivo, una vez, y solo mientras se muestra aquí. No se lo enseñes a nadie.',
  'setup.phone.loopback':
    'Un teléfono no puede llegar a {host}: abre esta página con una dirección a la que pueda llegar.',
  'setup.phone.copy': 'Copiar el enlace',
  'setup.phone.hide': 'Ocultar el código',
  'setup.phone.over': 'El código ha terminado. Pulsa el botón para obtener otro.',
  'setup.phone.done': '{device} ha iniciado sesión.',
  'setup.phone.now': '{username} tiene sesión con este navegador, y se cerrará.',
  'setup.phone.used': 'Este código ya se usó o han pasado sus dos minutos. Muestra uno nuevo en el otro dispositivo y '
    + 'ábrelo.',
  'setup.access.note': 'Una herramienta necesita una dirección y una clave. Abajo puedes crear una clave para cada '
    + 'herramienta. Esta página no guarda tu contraseña.',
  'setup.access.new': 'Copia la contraseña ahora y guárdala bien. La página solo la muestra esta vez y nadie puede '
    + 'recuperarla.',
  'setup.access.openai': 'URL base (OpenAI)',
  'setup.access.openai.what': 'la URL base de OpenAI',
  'setup.access.anthropic': 'URL base (Anthropic)',
  'setup.access.anthropic.what': 'la URL base de Anthropic',
  'setup.access.username.what': 'el nombre de usuario',
  'setup.tool.free': 'Gratis',
  'setup.tool.others': 'Otros',
  'setup.tool.free-model': '{name} · gratis',
  'setup.tool.line': 'Terminal: una línea que lo configura todo y pregunta antes',
  'setup.tool.line.powershell': 'PowerShell: una línea que lo configura todo y pregunta antes',
  'setup.tool.terminal': 'En un terminal',
  'setup.tool.before': 'En el terminal, antes de iniciarlo',
  'setup.tool.codex':
    'A mano: sin el archivo de modelos, Codex supone la ventana, los esfuerzos y las herramientas de cada '
    + 'uno. Guárdalo junto a config.toml, pon su ruta completa en la tercera línea y quita el # de allí.',
  'setup.tool.cursor': 'Cursor Settings → Models → API Keys. Rellena, activa ambos y añade el modelo por su nombre.',
  'setup.tool.cursor.note':
    'Cursor llama a esta dirección desde sus propios servidores, que no llegan a una dirección local ni a '
    + 'http://. Pon el proxy detrás de https o usa un túnel.',
  'setup.tool.open-webui': 'Admin Settings → Connections → OpenAI API → añade una conexión, o inícialo con esto:',
  'setup.tool.open-webui.note':
    'Dentro de un contenedor, localhost es el propio contenedor y host.docker.internal es este equipo. El '
    + 'proxy debe escuchar más allá de loopback (HOST=0.0.0.0).',
  'setup.tool.copilot.note':
    'Copilot CLI lee su proveedor solo del entorno: carga el archivo en cada terminal o en el perfil de '
    + 'tu consola.',
  'setup.tool.zed.note':
    'Zed no lee claves de su configuración: introduce la clave en Agent Settings → LLM Providers → '
    + 'Copilot Proxy, o inicia Zed con COPILOT_PROXY_API_KEY en su entorno.',
  'setup.tool.vscode.note':
    'Reinicia VS Code si los modelos no aparecen en el selector. «Chat: Manage Language Models» los '
    + 'muestra y puede pasar la clave al almacén de secretos.',
  'setup.tool-key.create': 'Crear una clave para {tool}',
  'setup.tool-key.replace': 'Sustituir la clave de {tool}',
  'setup.tool-key.earlier':
    'Tienes una clave llamada «{name}». La página no puede mostrarla otra vez; una nueva ocupa su lugar y '
    + 'la anterior deja de funcionar.',
  'setup.tool-key.connected':
    'El comando crea una clave por sí mismo. Para rellenar los ajustes a mano, crea una para {tool}.',
  'setup.tool-key.needed': '{tool} necesita una clave propia. Puedes revocarla sin tocar tus demás herramientas.',
  'setup.tool-key.new': 'Los ajustes de abajo ya tienen la clave nueva.',
  'setup.catalogue.save': 'Guardar {name}',
  'setup.catalogue.failed': 'No se pudo cargar la lista. {why}',
  'setup.catalogue.saved': { one: '{count} modelo guardado.', other: '{count} modelos guardados.' },
  'setup.check.pass': 'correcto',
  'setup.check.fail': 'fallido',
  'setup.check.skip': 'no ejecutado',
  'setup.check.run': 'en curso',
  'setup.check.good': 'Todo funciona.',
  'setup.check.bad': 'Un paso ha fallado. La lista de arriba dice qué hacer.',
  'setup.check.proxy': 'Este proxy y su almacén',
  'setup.check.session': 'Tu sesión',
  'setup.check.token': 'Token de GitHub',
  'setup.check.seat': 'Puesto de Copilot',
  'setup.check.host': 'Servidor de Copilot',
  'setup.check.models': 'Modelos',
  'setup.check.answer': 'Una respuesta corta',
  'setup.check.ready': 'Listo, almacén: {store}',
  'setup.check.ended': 'La sesión ha terminado. Inicia sesión y ejecuta la prueba de nuevo.',
  'setup.check.limited':
    'Este servidor: llegaron demasiadas contraseñas incorrectas desde tu dirección. Espera un minuto y '
    + 'ejecuta la prueba de nuevo.',
  'setup.check.accepted': 'Aceptada',
  'setup.check.relink': 'Usa «Vincular GitHub de nuevo» en Cuenta.',
  'setup.check.firewall': 'Puede haber un cortafuegos en medio: este servidor debe llegar a {host}.',
  'setup.check.valid': 'Válido',
  'setup.check.valid-of': 'Válido, de {login}',
  'setup.check.no-seat':
    'GitHub no da a esta cuenta un token de Copilot: no hay puesto, o una política lo prohíbe. Mira '
    + 'github.com/settings/copilot o vincula otra cuenta.',
  'setup.check.found': 'Encontrado',
  'setup.check.reached': 'Alcanzado',
  'setup.check.no-model':
    'Copilot tiene modelos para este puesto, pero ningún modelo de chat está activado. Activa alguno en '
    + 'github.com/settings/copilot o pregunta en tu organización.',
  'setup.check.count': {
    one: '{count} modelo, {free} de ellos gratis',
    other: '{count} modelos, {free} de ellos gratis',
  },
  'setup.check.none-free': 'Omitido: ningún modelo de este puesto es gratis.',
  'setup.check.asking': 'Preguntando a {model}…',
  'setup.check.empty':
    'Copilot: {model} envió una respuesta vacía. Inténtalo de nuevo o prueba otro modelo en el chat.',
  'setup.check.answered': '{model} respondió: «{text}»',
  'setup.check.kv-missing': 'Este servidor: su almacén no está configurado. Define CF_API_TOKEN, CF_ACCOUNT_ID y '
    + 'CF_KV_NAMESPACE_ID, o STORE=sqlite.',
  'setup.check.draining': 'Este servidor se está reiniciando. Ejecuta la prueba de nuevo en un momento.',
  'setup.check.store': 'Este servidor: su almacén no responde. El registro del proxy dice por qué; con Cloudflare KV, '
    + 'comprueba el token de la API y cloudflarestatus.com.',
  'setup.witness.open': 'Comparar Copilot con las notas de este proyecto…',
  'setup.witness.ask': 'Preguntar',
  'setup.witness.asking': 'Preguntando a Copilot. Tarda hasta un minuto…',
  'setup.witness.intro': {
    one: 'El testigo hace a tu puesto {count} pregunta pequeña y compara la respuesta con las notas de este '
      + 'proyecto sobre Copilot. Un modelo gratis responde a {free} de ellas en 256 tokens como máximo: nada '
      + 'en los planes de pago, {free} solicitudes de chat en Copilot Free.',
    other: 'El testigo hace a tu puesto {count} preguntas pequeñas y compara las respuestas con las notas de '
      + 'este proyecto sobre Copilot. Un modelo gratis responde a {free} de ellas en 256 tokens como máximo: '
      + 'nada en los planes de pago, {free} solicitudes de chat en Copilot Free.',
  },
  'setup.witness.list': 'Qué pregunta',
  'setup.witness.free': '{asks} (responde un modelo gratis)',
  'setup.witness.summary': {
    one: '{count} hecho como se esperaba, {different} distintos, {found} nuevos.',
    other: '{count} hechos como se esperaba, {different} distintos, {found} nuevos.',
  },
  'setup.witness.different': 'Distinto',
  'setup.witness.seen': '{says} Visto: {seen}.',
  'setup.witness.models': 'Modelos nuevos',
  'setup.witness.fields': 'Campos nuevos',
  'setup.witness.headers': 'Cabeceras nuevas',
  'setup.witness.skipped': 'No preguntado',
  'setup.witness.what': 'del testigo',
  'setup.keys.count': { one: '{count} clave de {most}', other: '{count} claves de {most}' },
  'setup.keys.none': 'Aún no hay claves. Crea una para cada herramienta.',
  'setup.keys.no-name': 'Pon un nombre a la clave, como el de la herramienta.',
  'setup.keys.no-number': 'Los créditos son un número, como 500.',
  'setup.keys.copy': 'Copia la clave ahora.',
  'setup.keys.table': 'Tus claves',
  'setup.keys.open-end': 'al revocarla',
  'setup.keys.ended': 'terminó el {day}',
  'setup.keys.all': 'todos',
  'setup.keys.seat.any': 'por cabecera, si no default',
  'setup.seats.bad-name': 'Un nombre tiene letras minúsculas, cifras y guiones sueltos entre ellas.',
  'setup.seats.count': '{count} puestos de {most}',
  'setup.seats.again': 'Vincular «{name}» de nuevo',
  'setup.seats.again.what': 'Vincular de nuevo: {name}',
  'setup.seats.link-again': 'Vincular de nuevo',
  'setup.seats.linked': '«{name}» está vinculado.',
  'setup.seats.unchecked': '«{name}» está guardado, pero no se pudo contactar con GitHub para comprobar el token.',
  'setup.seats.removed': '«{name}» se ha quitado.',
  'setup.seats.table': 'Tus puestos',
  'setup.seats.unknown': 'GitHub no lo muestra',
  'setup.seats.broken': 'no funciona',
  'setup.seats.remove.what': 'Quitar {name}',
  'setup.devices.count': { one: '{count} dispositivo', other: '{count} dispositivos' },
  'setup.devices.table': 'Tus dispositivos',
  'setup.devices.revoke-this': 'Revocar este dispositivo',
  'setup.devices.revoke': 'Revocar {name}, sesión iniciada el {day}',
  'setup.devices.this': 'este dispositivo',
  'setup.devices.closes': 'al cerrar el navegador',
  'setup.models.free': 'Gratis',
  'setup.models.vision': 'Visión',
  'setup.models.tools': 'Herramientas',
  'setup.models.recommended': 'Recomendados',
  'setup.models.loading': 'Cargando modelos…',
  'setup.models.failed': 'No se pudieron cargar los modelos. {why}',
  'setup.models.none': 'Copilot no ofrece modelos a esta cuenta.',
  'setup.models.why': 'La prueba de conexión dice por qué.',
  'setup.models.search': 'Buscar modelos',
  'setup.models.count': { one: '{count} modelo', other: '{count} modelos' },
  'setup.models.found': { one: '{found} de {count} modelo', other: '{found} de {count} modelos' },
  'setup.models.no-match': 'Ningún modelo coincide.',
  'setup.models.all': 'Mostrar todos',
  'setup.models.table': 'Tabla de modelos',
  'setup.models.price': 'Precio',
  'setup.models.context': 'Contexto',
  'setup.models.endpoints': 'Endpoints',
  'setup.models.can': 'Capacidades',
  'setup.models.settings': 'Ajustes',
  'setup.models.can.vision': 'visión',
  'setup.models.can.tools': 'herramientas',
  'setup.models.can.reasoning': 'razonamiento',
  'setup.models.can.embeddings': 'embeddings',
  'setup.models.can.completion': 'solo completado',
  'setup.models.can.no-streaming': 'sin streaming',
  'setup.models.preview': 'vista previa',
  'setup.models.output': 'Las respuestas se limitan a {tokens} de estos tokens',
  'setup.models.consent': 'requiere aceptación',
  'setup.models.consent.why':
    'Nadie ha aceptado sus condiciones para este puesto. Actívalo en github.com/settings/copilot o '
    + 'pregunta en tu organización.',
  'setup.models.copy': 'Copiar id',
  'setup.models.copy.what': 'de {id}',
  'setup.models.use': 'Usar',
  'setup.models.use.what': 'Usar {id} en los ajustes de las herramientas',
  'setup.models.free.badge': 'gratis',
  'setup.models.credits': '{input} / {output} créditos',
  'setup.models.credits.why': 'Créditos de IA por millón de tokens: entrada / salida',
  'setup.models.multiplier.why': 'Solicitudes premium que cuesta cada una de tus peticiones',
  'setup.usage.asking': 'Preguntando a GitHub…',
  'setup.usage.chat': 'Chat',
  'setup.usage.completions': 'Completado de código',
  'setup.usage.premium': 'Solicitudes premium',
  'setup.usage.premium-models': 'Modelos premium',
  'setup.usage.seat': 'puesto',
  'setup.usage.of': ' de {login}',
  'setup.usage.resets': ' · se restablece el {date}',
  'setup.usage.free':
    'En Copilot Free cuenta cada petición, también a modelos «gratis». Un agente de código gasta la cuota '
    + 'de un mes en un día.',
  'setup.usage.no-quota': 'GitHub no muestra la cuota a este tipo de token. Mira github.com/settings/copilot.',
  'setup.usage.no-buckets':
    'GitHub no indica cuotas para esta cuenta. Las organizaciones que pagan por token ven las suyas en '
    + 'github.com.',
  'setup.usage.proxy': 'A través de este proxy',
  'setup.usage.ai-credits': 'Créditos de IA',
  'setup.usage.premium-requests': 'solicitudes premium',
  'setup.usage.reconciled':
    'Desde {since}, Copilot contó {copilot} {unit} y este proxy {counted}: {difference}. Copilot también '
    + 'cuenta otras herramientas del mismo puesto.',
  'setup.usage.extra': 'adicional',
  'setup.usage.unlimited': 'Ilimitado',
  'setup.usage.not-in-plan': 'No incluido en este plan',
  'setup.usage.free-plan': 'Copilot Free',
  'setup.usage.more': '{extra} más de lo incluido',
  'setup.usage.billed': '{extra} más de lo incluido, facturado',
  'setup.usage.bills': 'las demás peticiones se facturan',
  'setup.usage.bucket-resets': 'se restablece el {date}',
  'setup.usage.left': ' de {all} restantes',
  'setup.usage.meter': '{name} restantes',
  'setup.usage.percent': '{percent} % restante',
  'setup.usage.pace': 'A este ritmo, se habrán usado {used} al restablecerse.',
  'setup.usage.runs-out': 'A este ritmo, no queda nada desde el {date}.',
  'setup.usage.nothing-yet':
    'Nada todavía. Los recuentos empiezan con tu primera petición y vuelven a cero cuando el proxy se ' + 'reinicia.',
  'setup.usage.since-start': {
    one: '{count} petición · {credits} créditos de IA (1 crédito = 0,01 USD) desde que se inició el proxy',
    other: '{count} peticiones · {credits} créditos de IA (1 crédito = 0,01 USD) desde que se inició el proxy',
  },
  'setup.usage.total': {
    one: '{count} petición · {credits} créditos de IA (1 crédito = 0,01 USD)',
    other: '{count} peticiones · {credits} créditos de IA (1 crédito = 0,01 USD)',
  },
  'setup.usage.by-model': 'Peticiones por modelo',
  'setup.usage.requests': 'Peticiones',
  'setup.usage.requests.some': 'peticiones',
  'setup.usage.tokens': 'Tokens',
  'setup.usage.tokens.some': 'tokens',
  'setup.usage.input-tokens': 'Tokens de entrada',
  'setup.usage.cached-input': 'Entrada en caché',
  'setup.usage.output-tokens': 'Tokens de salida',
  'setup.usage.input': 'Entrada',
  'setup.usage.cached': 'En caché',
  'setup.usage.output': 'Salida',
  'setup.usage.errors': 'Errores',
  'setup.usage.reasoning': 'Razonamiento',
  'setup.usage.credits': 'Créditos',
  'setup.usage.searches': 'Búsquedas',
  'setup.usage.by': 'Uso por {split}',
  'setup.usage.by-day': 'Uso por día',
  'setup.usage.day': 'Día',
  'setup.usage.all': 'Todos',
  'setup.usage.key': 'Clave',
  'setup.usage.client': 'Cliente',
  'setup.usage.days': { one: '{count} día', other: '{count} días' },
  'setup.usage.this-page': 'Esta página',
  'setup.usage.revoked': 'clave revocada {key}',
  'setup.usage.others': { one: '{count} más', other: '{count} más' },
  'setup.usage.show': 'Mostrar',
  'setup.usage.split': 'Por',
  'setup.usage.last': 'Últimos',
  'setup.usage.csv': 'Guardar como CSV',
  'setup.usage.nothing': 'Nada en estos días. Los recuentos empiezan con tu primera petición.',
  'setup.usage.chart': '{total} {what} del {from} al {to}, por {split}. La tabla «Cifras de cada día» tiene los mismos '
    + 'números.',
  'setup.usage.none-of': 'Sin {what} en estos días.',
  'setup.usage.figures': 'Cifras de cada día',
  'setup.usage.bar': '{day}: {name}, {value}',
  'setup.usage.cap': 'La clave «{name}» ha gastado sus {cap} créditos de este mes. Sus llamadas se rechazan hasta que '
    + 'subas el límite.',
  'setup.usage.near-cap': 'La clave «{name}» ha usado {used} de sus {cap} créditos de este mes ({percent} %).',
}
