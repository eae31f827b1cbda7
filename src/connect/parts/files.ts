// The part of the shell script that knows files: what a plan says, how a file would look, and how all of it is undone.
// Nothing below the home directory changes before `apply`.
export const files = String.raw`
# Splits the plan into a file for each of its parts.
read_plan () {
  awk -v out="$work/" '
    /^file / { count++; print $2 > (out count ".format"); sub(/^file [^ ]+ /, ""); print > (out count ".path")
      target = out count ".raw"; printf "" > target; next }
    /^proof / { print substr($0, 7) > (out "proof.path"); target = out "proof.body"; printf "" > target; next }
    /^[|]/ { sub(/^[|] ?/, ""); print > target; next }
    / / { at = index($0, " "); print substr($0, at + 1) > (out substr($0, 1, at - 1)) }
  ' "$work/plan"
  count=0
  while [ -e "$work/$((count + 1)).path" ]; do
    count=$((count + 1))
    sed "s|@KEY@|$key|g; s|@FOLDER@|$(quoted "$folder")|g; s|@CAT@|cat|g; s|@CAT_ARGS@||g" \
      "$work/$count.raw" >"$work/$count.text"
  done
}

# Sets id to the number of a file that connect has changed before, or to the next free number.
find_record () {
  id=1
  while [ -e "$store/$id.path" ] && [ "$(cat "$store/$id.path")" != "$1" ]; do id=$((id + 1)); done
}

is_untouched () { [ -e "$store/$id.written" ] && cmp -s "$store/$id.written" "$1"; }

# Writes $work/<n>.new, and what happens to the file into $work/<n>.action: create, change, keep or hand.
prepare () {
  target=$folder/$(cat "$work/$1.path")
  find_record "$target"
  base=$target
  if is_untouched "$target"; then base=$store/$id.original; fi
  if [ ! -e "$base" ]; then
    cp "$work/$1.text" "$work/$1.new"
  else
    merge "$(cat "$work/$1.format")" "$base" "$work/$1.text" "$work/$1.new" 2>"$work/$1.why" || {
      printf hand >"$work/$1.action"
      return 0
    }
  fi
  if [ ! -e "$target" ]; then printf create
  elif cmp -s "$target" "$work/$1.new"; then printf keep
  else printf change; fi >"$work/$1.action"
}

merge () {
  case $1 in
    json)
      { cat "$2"; printf '\036'; cat "$3"; } >"$work/both"
      if has node; then node "$work/merge.cjs" <"$work/both" >"$4"
      elif has python3; then python3 "$work/merge.py" <"$work/both" >"$4"
      else printf 'neither Node nor Python is there to merge JSON' >&2; return 3; fi ;;
    env) awk -v patch="$3" '
      function name(line) { sub(/^[ \t]*(export[ \t]+)?/, "", line); sub(/[ \t]*=.*/, "", line); return line }
      BEGIN { while ((getline line < patch) > 0) { names[++count] = name(line); lines[name(line)] = line } }
      { if (name($0) in lines && /=/) { if (!done[name($0)]++) print lines[name($0)] } else print }
      END { for (at = 1; at <= count; at++) if (!done[names[at]]) print lines[names[at]] }' "$2" >"$4" ;;
    toml)
      has python3 || { printf 'there is no safe way to merge this format without Python' >&2; return 3; }
      { cat "$2"; printf '\036'; cat "$3"; } >"$work/both"
      python3 "$work/merge-toml.py" <"$work/both" >"$4" ;;
    *)
      if cmp -s "$2" "$3"; then cp "$3" "$4"
      else printf 'there is no safe way to merge this format' >&2; return 3; fi ;;
  esac
}

show () {
  target=$(short "$folder/$(cat "$work/$1.path")")
  case $(cat "$work/$1.action") in
    create) say "  new       $target" ;;
    keep) say "  as it is  $target" ;;
    change)
      say "  change    $target"
      { diff -u "$folder/$(cat "$work/$1.path")" "$work/$1.new" || :; } 2>/dev/null | sed '1,2d; s/^/    /' | hidden ;;
    hand) say "  by hand   $target: $(cat "$work/$1.why")" ;;
  esac
}

# Makes a folder, and each that is missing above it. Undo removes them again.
make_folder () {
  if [ -d "$1" ]; then return 0; fi
  make_folder "$(dirname "$1")"
  mkdir "$1"
  printf '%s\n' "$1" >>"$work/folders"
}

# The record comes before the change: undo works after a crash too.
apply () {
  case $(cat "$work/$1.action") in create|change) ;; *) return 0 ;; esac
  target=$folder/$(cat "$work/$1.path")
  : >"$work/folders"
  make_folder "$store"
  make_folder "$(dirname "$target")"
  cat "$work/folders" >>"$store/folders"
  find_record "$target"
  if [ ! -e "$store/$id.path" ]; then
    if [ -e "$target" ]; then cp -p "$target" "$store/$id.original"; fi
    printf '%s' "$target" >"$store/$id.path"
  fi
  cp "$work/$1.new" "$store/$id.written"
  cat "$work/$1.new" >"$target"
}

undo () {
  if [ ! -d "$store" ]; then say "Nothing to undo: $name was not connected by this script."; return 0; fi
  id=1
  while [ -e "$store/$id.path" ]; do
    target=$(cat "$store/$id.path")
    if [ -e "$target" ] && ! is_untouched "$target"; then
      aside=$(mktemp -d)
      cp -p "$target" "$aside/"
      say "$(short "$target") has changed since; that version is in $aside"
    fi
    if [ -e "$store/$id.original" ]; then
      if [ -e "$target" ]; then cat "$store/$id.original" >"$target"
      else mkdir -p "$(dirname "$target")" && cp -p "$store/$id.original" "$target"; fi
      say "  restored  $(short "$target")"
    else
      rm -f "$target"
      say "  removed   $(short "$target")"
    fi
    id=$((id + 1))
  done
  sed '1!G;h;$!d' "$store/folders" >"$work/folders"
  rm -rf "$store"
  while IFS= read -r made; do rmdir "$made" 2>/dev/null || :; done <"$work/folders"
  rmdir "$HOME/.copilot-proxy/connect" "$HOME/.copilot-proxy" 2>/dev/null || :
  say "$name is as it was."
}
`
