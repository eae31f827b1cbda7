// What `--help` says.
export const usage = `usage: copilot-proxy [command] [options]

  serve                  serve the gateway; the default
  demo                   serve it in front of an emulator of GitHub Copilot: no account needed, nothing is kept
  migrate                seal what the original project left in plain text in the store that is configured
    --from <store>       and
    --to <store>         copy the users from one store to another, each sqlite or cloudflare-kv; plain ones are sealed on the way
    --remove             delete from the first store what the second one then holds
    --dry-run            only say what would be done
    --json
  doctor                 check this deployment; the result holds no secrets and no names of users
    --user <name>        check this user's GitHub token, seat and models too; the password is asked for, or taken from
                         standard input or COPILOT_PROXY_PASSWORD
    --url <address>      check the gateway that runs there too, such as http://localhost:8787
    --json
  users list             names, day of creation, day of last use
    --json
  users delete <name>    delete a user from the store

  -h, --help             this text
  -v, --version          the version

Settings come from the environment and from .env in the working directory, for every command.
Exit codes: 0 all is well, 1 something failed, 2 called wrongly.`
