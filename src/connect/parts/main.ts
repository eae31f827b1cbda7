// The part of the shell script that runs: it is one function, called in the last line, so that a download that breaks
// off does nothing.
export const main = String.raw`
usage () {
  say "usage: sh connect.sh [user] [--model <id>] [--dry-run] [--yes] [--undo]

  Connects $name to $origin: shows what it changes, backs up, merges, and proves it with one small call.
  The password or key comes from COPILOT_PROXY_KEY, or from the terminal. With the
  password it makes a key for $name, which you can revoke by itself.

  --model <id>  a model of the seat; without it a free one is chosen
  --dry-run     only show the changes
  --yes         do not ask
  --undo        restore the files as they were
  --url <url>   another address of the gateway"
}

main () {
  set -e
  umask 077
  user=$COPILOT_PROXY_USER key=$COPILOT_PROXY_KEY model='' mode=connect sure=no
  while [ $# -gt 0 ]; do
    case $1 in
      --undo) mode=undo ;;
      --dry-run) mode=show ;;
      --yes|-y) sure=yes ;;
      --model) shift; model=$1 ;;
      --url) shift; origin=$(printf '%s' "$1" | sed 's|/*$||') ;;
      --help|-h) usage; return 0 ;;
      -*) usage >&2; fail "There is no option $1." ;;
      *) user=$1 ;;
    esac
    if [ $# -gt 0 ]; then shift; fi
  done
  case $model in *[!A-Za-z0-9._:/-]*) fail 'This is no id of a model.' ;; esac
  case $HOME in /*) ;; *) fail 'HOME is not set.' ;; esac
  set_folder
  case $folder in /*) ;; *) folder=$PWD/$folder ;; esac
  case $folder in *[[:cntrl:]]*) fail "The folder of $name has control characters in its name." ;; esac
  store=$HOME/.copilot-proxy/connect/$client
  work=''
  trap 'if [ -n "$work" ]; then rm -rf "$work"; fi' EXIT
  catch_signals
  work=$(mktemp -d)
  if [ "$mode" = undo ]; then undo; else connect; fi
}

connect () {
  has curl || fail 'It needs curl.'
  if has "$command"; then say "$name is installed: $(command -v "$command")"
  else say "$name was not found in PATH ($install). Its settings can be prepared all the same."; fi
  ask_user
  ask_key
  query=''
  if [ -n "$model" ]; then query="?model=$model"; fi
  status=$(call "$origin/$user/v1/connect/$client$query")
  if [ "$status" != 200 ]; then explain "$status"; fi
  mv "$work/answer" "$work/plan"
  read_plan
  write_mergers
  find_key
  fill_in
  by_hand=no changes=no made=no
  for at in $(seq_to "$count"); do
    prepare "$at"
    case $(cat "$work/$at.action") in hand) by_hand=yes ;; create|change|protect) changes=yes ;; esac
  done
  say "Model: $(cat "$work/model"). Files:"
  for at in $(seq_to "$count"); do show "$at"; done
  if [ "$by_hand" = yes ]; then by_hand; fi
  if [ "$mode" = show ]; then return 0; fi
  if [ "$changes" = yes ]; then
    confirm
    make_key
    for at in $(seq_to "$count"); do apply "$at"; done
    say "The originals are in $(short "$store")."
    drop_earlier_keys
  fi
  prove
  if [ -e "$work/note" ]; then say "Note: $(cat "$work/note")"; fi
  say "Start it with: $(sed "s|@FOLDER@|$(quoted "$folder")|g" "$work/run")"
  say 'The same command with --undo takes everything back.'
}

by_hand () {
  say
  say 'Nothing was changed. Put this in by yourself:'
  for at in $(seq_to "$count"); do
    say
    say "--- $(short "$folder/$(cat "$work/$at.path")")"
    masked <"$work/$at.text"
  done
  exit 3
}

# On some stores it takes a while until the gateway knows a new key everywhere.
prove () {
  ask_proof
  for pause in 10 20 30; do
    if [ "$made" != yes ] || [ "$status" != 401 ]; then break; fi
    say "The new key is spreading; trying again in $pause s …"
    sleep "$pause"
    ask_proof
  done
  case $status in
    200) say "Proved: $(cat "$work/model") answered at $(cat "$work/proof.path")." ;;
    *) say 'The settings are written, but the model did not answer. --undo takes them back.' >&2; explain "$status" ;;
  esac
}

ask_proof () {
  status=$(call -X POST -H 'content-type: application/json' --data-binary "@$work/proof.body" \
    "$origin$(cat "$work/proof.path")")
}

seq_to () { awk -v last="$1" 'BEGIN { for (at = 1; at <= last; at++) print at }'; }
`
