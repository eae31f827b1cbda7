// The part of the shell script that knows what a plan says, and how each file would look. It changes nothing below the
// home directory; `record.ts` does.
export const files = String.raw`
# Splits the plan into a file for each of its parts. It takes only the words that a plan has, and no path that leads out
# of the folder of the client.
read_plan () {
  awk -v out="$work/" '
    function refuse() { bad = 1; exit }
    /^file / {
      if (!/^file (json|env|toml|yaml|text) [A-Za-z0-9._\/-]+$/ || $3 ~ /^\/|\/$|\/\/|(^|\/)[.][.]?(\/|$)/) refuse()
      count++; print $2 > (out count ".format"); print $3 > (out count ".path")
      target = out count ".raw"; printf "" > target; next }
    /^proof \// { print $2 > (out "proof.path"); target = out "proof.body"; printf "" > target; next }
    /^[|]/ { if (target == "") refuse(); sub(/^[|] ?/, ""); print > target; next }
    /^(model|run|note) / { at = index($0, " "); print substr($0, at + 1) > (out substr($0, 1, at - 1)); next }
    /./ { refuse() }
    END { if (bad) exit 3 }
  ' "$work/plan" && [ -s "$work/model" ] && [ -s "$work/proof.path" ] || fail "$origin gave no plan that is understood."
  count=0
  while [ -e "$work/$((count + 1)).path" ]; do count=$((count + 1)); done
}

fill_in () {
  write_fillers
  for at in $(seq_to "$count"); do sed -f "$work/fill" "$work/$at.raw" >"$work/$at.text"; done
}

# Programs for sed. They are files, because process lists show the arguments of a program. In a plan the folder is
# always inside a string of TOML.
write_fillers () {
  {
    printf 's|@KEY@|%s|g\n' "$key"
    printf 's|@FOLDER@|%s|g\n' "$(quoted "$(printf '%s' "$folder" | sed 's/["\\]/\\&/g')")"
    printf 's|@CAT@|cat|g\ns|@CAT_ARGS@||g\n'
  } >"$work/fill"
  printf 's|%s|<your key>|g\n' "$key" >"$work/mask"
}

has_key () { case $(cat "$work/$1.raw") in *@KEY@*) ;; *) return 1 ;; esac; }
is_open () { case $(ls -ldL "$1") in ????------*) return 1 ;; esac; }

# Writes $work/<n>.new, and what happens to the file into $work/<n>.action: create, change, protect, keep or hand.
prepare () {
  target=$(real "$folder/$(cat "$work/$1.path")")
  if [ -e "$target" ] && [ ! -f "$target" ]; then
    printf 'it is no regular file' >"$work/$1.why"
    printf hand >"$work/$1.action"
    return 0
  fi
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
  elif cmp -s "$target" "$work/$1.new"; then
    if has_key "$1" && is_open "$target"; then printf protect; else printf keep; fi
  else printf change; fi >"$work/$1.action"
}

merge () {
  case $1 in
    json)
      { cat "$2"; printf '\036'; cat "$3"; } >"$work/both"
      if has node; then node "$work/merge.cjs" <"$work/both" >"$4"
      elif has python3; then python3 "$work/merge.py" <"$work/both" >"$4"
      else printf 'neither Node nor Python is there to merge JSON' >&2; return 3; fi ;;
    env) merge_env "$2" "$3" >"$4" || { printf 'a value goes over several lines' >&2; return 3; } ;;
    toml)
      has python3 || { printf 'there is no safe way to merge this format without Python' >&2; return 3; }
      { cat "$2"; printf '\036'; cat "$3"; } >"$work/both"
      python3 "$work/merge-toml.py" <"$work/both" >"$4" ;;
    *)
      if cmp -s "$2" "$3"; then cp "$3" "$4"
      else printf 'there is no safe way to merge this format' >&2; return 3; fi ;;
  esac
}

# Replaces lines by their names, and adds the others at the end. It ends with 3 where a quote or a line stays open, in
# the reading of a shell or in that of dotenv: a line that looks like a setting can be a part of a value there.
merge_env () {
  awk -v patch="$2" '
    function name(line) { sub(/^[ \t]*(export[ \t]+)?/, "", line); sub(/[ \t]*=.*/, "", line); return line }
    function stays_open(line, escapes, at, sign, quote) {
      if (line ~ /^[ \t]*#/) return 0
      for (at = 1; at <= length(line); at++) {
        sign = substr(line, at, 1)
        if (sign == "\\" && (escapes || quote != "\047")) { if (++at > length(line)) return 1 }
        else if (quote != "") { if (sign == quote) quote = "" }
        else if (sign == "#" && substr(line, at - 1, 1) ~ /[ \t]/) return 0
        else if (sign ~ /["\047\140]/) quote = sign
      }
      return quote != ""
    }
    BEGIN { while ((getline line < patch) > 0) { names[++count] = name(line); lines[name(line)] = line } }
    { end = sub(/\r$/, "") ? "\r" : "" }
    stays_open($0, 0) || stays_open($0, 1) { bad = 1; exit }
    { if (name($0) in lines && /=/) { if (!done[name($0)]++) print lines[name($0)] end } else print $0 end }
    END { if (bad) exit 3; for (at = 1; at <= count; at++) if (!done[names[at]]) print lines[names[at]] }' "$1"
}

show () {
  target=$(short "$folder/$(cat "$work/$1.path")")
  case $(cat "$work/$1.action") in
    create) say "  new       $target" ;;
    keep) say "  as it is  $target" ;;
    protect) say "  protect   $target" ;;
    change)
      say "  change    $target"
      { diff -u "$folder/$(cat "$work/$1.path")" "$work/$1.new" || :; } 2>/dev/null | sed '1,2d; s/^/    /' | hidden ;;
    hand) say "  by hand   $target: $(cat "$work/$1.why")" ;;
  esac
  case $(cat "$work/$1.action") in change|protect)
    if has_key "$1" && is_open "$folder/$(cat "$work/$1.path")"; then
      say '            It gets a key: from then on only you can read it.'
    fi ;;
  esac
}
`
