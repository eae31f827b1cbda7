// The part of the shell script that changes files, and takes it back. The record of a change is in ~/.copilot-proxy,
// and comes before the change: undo works after a crash too.
export const record = String.raw`
# The file behind a link, also where that file is missing.
real () {
  at_path=$1 hops=0
  while [ -L "$at_path" ]; do
    hops=$((hops + 1))
    if [ "$hops" -gt 40 ]; then fail "$1 is a link without an end."; fi
    link=$(readlink "$at_path")
    case $link in /*) at_path=$link ;; *) at_path=$(dirname "$at_path")/$link ;; esac
  done
  printf '%s\n' "$at_path"
}

# Sets id to the number of a file that connect has changed before, or to the next free number.
find_record () {
  id=1
  while [ -e "$store/$id.path" ] && [ "$(real "$(cat "$store/$id.path")")" != "$1" ]; do id=$((id + 1)); done
}

is_untouched () { [ -e "$store/$id.written" ] && cmp -s "$store/$id.written" "$1"; }
is_original () { [ -e "$store/$id.original" ] && cmp -s "$store/$id.original" "$1"; }

# Makes a folder, and each that is missing above it. Undo removes them again.
make_folder () {
  if [ -d "$1" ]; then return 0; fi
  make_folder "$(dirname "$1")"
  printf '%s\n' "$1" >>"$store/folders"
  mkdir "$1"
}

apply () {
  case $(cat "$work/$1.action") in create|change|protect) ;; *) return 0 ;; esac
  target=$(real "$folder/$(cat "$work/$1.path")")
  mkdir -p "$store"
  make_folder "$(dirname "$target")"
  find_record "$target"
  if [ ! -e "$store/$id.path" ]; then
    if [ -e "$target" ]; then cp -p "$target" "$store/$id.original"; fi
    printf '%s' "$target" >"$store/$id.path"
  fi
  cp "$work/$1.new" "$store/$id.written"
  if has_key "$1" && [ -e "$target" ]; then chmod go= "$target"; fi
  cat "$work/$1.new" >"$target"
}

undo () {
  if [ ! -d "$store" ]; then say "Nothing to undo: $name was not connected by this script."; return 0; fi
  id=1
  while [ -e "$store/$id.path" ]; do
    target=$(real "$(cat "$store/$id.path")")
    if [ -e "$target" ] && ! is_untouched "$target" && ! is_original "$target"; then
      aside=$(mktemp -d)
      cp -p "$target" "$aside/"
      say "$(short "$target") has changed since; that version is in $aside"
    fi
    if [ -e "$store/$id.original" ]; then
      mkdir -p "$(dirname "$target")"
      # In place, with the mode that it had.
      cp -p "$store/$id.original" "$target"
      say "  restored  $(short "$target")"
    else
      rm -f "$target"
      say "  removed   $(short "$target")"
    fi
    id=$((id + 1))
  done
  if [ -e "$store/key" ]; then say "Its key works until you revoke it on the setup page: $(cat "$store/key")."; fi
  if [ -e "$store/folders" ]; then
    sed '1!G;h;$!d' "$store/folders" | while IFS= read -r made; do rmdir "$made" 2>/dev/null || :; done
  fi
  rm -rf "$store"
  rmdir "$HOME/.copilot-proxy/connect" "$HOME/.copilot-proxy" 2>/dev/null || :
  say "$name is as it was."
}
`
