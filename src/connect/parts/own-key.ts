// The part of the shell script that gives the client a key of its own. A password opens more than the models, so no
// file gets it. The key is named after the tool and the machine. A second run finds it in the client's files.
export const ownKey = String.raw`
# For the texts that the user sees before there is a key.
sample=copilot-proxy-new-key

needs_key () {
  case $key in acpc-*) ;; *) return 1 ;; esac
  for at in $(seq_to "$count"); do if has_key "$at"; then return 0; fi; done
  return 1
}

# Prints the ids of the user's keys: all of them, or those of one name.
ids_of_keys () {
  awk -v name="$1" 'BEGIN { RS = "{" }
    /^"id":"[a-z0-9]+","name":"/ {
      if (name == "" || index(substr($0, 17), "\"name\":\"" name "\",") == 1) print substr($0, 7, 8) }' "$work/keys"
}

# A key that the files have, if it is one of this user at this gateway. No other gateway's key is sent here.
find_key () {
  password=''
  if ! needs_key; then return 0; fi
  machine=$(uname -n | sed 's/[^A-Za-z0-9._-]//g; s/^\(.\{40\}\).*/\1/')
  password=$key label="$tool on ${'${'}machine:-this machine}"
  status=$(call "$origin/$user/v1/keys")
  if [ "$status" != 200 ]; then explain "$status"; fi
  mv "$work/answer" "$work/keys"
  for at in $(seq_to "$count"); do
    target=$folder/$(cat "$work/$at.path")
    if ! has_key "$at" || [ ! -f "$target" ]; then continue; fi
    key=$(sed -n 's/.*\(acpk-[a-z0-9]\{8\}-[a-z0-9]\{32\}\).*/\1/p' "$target" | head -n 1)
    for id in $(ids_of_keys ''); do
      case $key in acpk-"$id"-*)
        if [ "$(call "$origin/$user/v1/models")" = 200 ]; then return 0; fi ;;
      esac
    done
  done
  key=$sample
}

make_key () {
  if [ "$key" != "$sample" ]; then return 0; fi
  key=$password
  printf '{"name":"%s"}' "$label" >"$work/wish"
  status=$(call -X POST -H 'content-type: application/json' --data-binary "@$work/wish" "$origin/$user/v1/keys")
  if [ "$status" != 201 ]; then explain "$status"; fi
  key=$(sed -n 's/.*"key":"\(acpk-[a-z0-9]\{8\}-[a-z0-9]\{32\}\)".*/\1/p' "$work/answer")
  rm "$work/answer"
  if [ -z "$key" ]; then fail "$origin made no key that is understood."; fi
  fill_in
  for at in $(seq_to "$count"); do prepare "$at"; done
  mkdir -p "$store"
  printf '%s' "$label" >"$store/key"
  made=yes
  say "It has a key of its own now: $label."
}

# After the files have the new key: an earlier one of the same tool on this machine has no use any more.
drop_earlier_keys () {
  if [ "$made" != yes ]; then return 0; fi
  own=$key key=$password
  for id in $(ids_of_keys "$label"); do
    status=$(call -X DELETE "$origin/$user/v1/keys/$id")
    if [ "$status" = 200 ]; then say 'Its earlier key is revoked.'; fi
  done
  key=$own
}
`
