// The part of the shell script that talks: to the person on the terminal, and to the gateway. The key is never an
// argument of a program, because process lists show those.
export const talk = String.raw`
say () { printf '%s\n' "$*"; }
fail () { printf 'connect: %s\n' "$*" >&2; exit 1; }
has () { command -v "$1" >/dev/null 2>&1; }
short () { case $1 in "$HOME"/*) printf '~/%s\n' "${'${'}1#"$HOME"/}" ;; *) printf '%s\n' "$1" ;; esac; }
# For the right side of sed's s command.
quoted () { printf '%s' "$1" | sed 's/[&|\\]/\\&/g'; }
# Hides other keys that a file may have, for the eyes next to the terminal.
hidden () {
  masked | awk '/([Kk]ey|KEY|[Tt]oken|TOKEN|SECRET)"? *[:=]/ { sub(/"? *[:=].*/, ": <hidden>") } { print }'
}
masked () { sed -f "$work/mask"; }
# Each of them ends the script by its last lines, so that the folder with the key in it is removed. Some shells do not
# run the trap of EXIT otherwise.
catch_signals () { trap 'exit 129' HUP; trap 'exit 130' INT; trap 'exit 143' TERM; }
has_terminal () { (: </dev/tty) 2>/dev/null; }

ask_user () {
  if [ -z "$user" ] && has_terminal; then
    printf 'User name at %s: ' "$origin" >/dev/tty
    IFS= read -r user </dev/tty || :
  fi
  case $user in
    '') fail "Name your user: add it at the end of the command, or set COPILOT_PROXY_USER." ;;
    *[!a-z0-9-]*) fail "$user is no user name." ;;
  esac
}

ask_key () {
  if [ -z "$key" ] && has_terminal; then
    echoing=$(stty -g </dev/tty)
    trap 'stty "$echoing" </dev/tty; exit 130' HUP INT TERM
    stty -echo </dev/tty
    printf 'Password or key of %s at %s (it is not shown): ' "$user" "$origin" >/dev/tty
    IFS= read -r key </dev/tty || :
    stty "$echoing" </dev/tty
    catch_signals
    printf '\n' >/dev/tty
  fi
  case $key in
    '') fail 'Set COPILOT_PROXY_KEY, or run this on a terminal.' ;;
    *[!A-Za-z0-9_-]*) fail 'This is no password or key: it has other signs than letters, digits and hyphens.' ;;
  esac
}

# Prints the status; the answer goes into a file. No file of curl's settings and no redirect leads elsewhere.
call () {
  printf 'header = "authorization: Bearer %s"\nheader = "x-goog-api-key: %s"\n' "$key" "$key" |
    curl -q -sS --max-time 120 -K - -o "$work/answer" -w '%{http_code}' "$@" 2>"$work/trouble" || :
}

explain () {
  case $1 in
    000) fail "$origin does not answer: $(head -c 300 "$work/trouble")" ;;
    401) fail "The user name or the key is wrong at $origin." ;;
    *) fail "$origin answered $1: $(head -c 500 "$work/answer")" ;;
  esac
}

confirm () {
  if [ "$sure" = yes ] || ! has_terminal; then return 0; fi
  printf 'Go on? [Y/n] ' >/dev/tty
  IFS= read -r answer </dev/tty || answer=n
  case $answer in ''|[Yy]*) ;; *) say 'Nothing was changed.'; exit 0 ;; esac
}
`
