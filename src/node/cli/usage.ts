// The text of `--help`.
import { invocation } from './invocation.ts'

export const usage = `usage: ${invocation} [command] [options]

  serve                  serve the gateway; the default
    --workers <number>   in so many processes, which share one port and the store; 1 without it
    --pages <folder>     serve the pages of this folder, such as the sources in static/, instead of the built ones
  demo                   serve it in front of an emulator of GitHub Copilot: needs no account, keeps nothing
  migrate                seal the plain-text records of the original project in the configured store
    --from <store>       and
    --to <store>         copy the users from one store to another, each sqlite, valkey or cloudflare-kv, and
                         seal plain records on the way
    --remove             delete copied users from the first store
    --dry-run            only show the changes
    --json
  doctor                 check this deployment; the result contains no secrets and no user names
    --user <name>        also check this user's GitHub token, seat and models; reads the password from the terminal,
                         from standard input or from COPILOT_PROXY_PASSWORD
    --url <address>      also check the gateway at this address, such as http://localhost:8787
    --json
  witness                ask a seat small questions on free models, and compare the answers with docs/spec; the
                         report contains no secrets, prompts or ids, and can be attached to an issue
    --user <name>        the user of the seat; reads the password as doctor does
    --url <address>      the gateway at this address, also a Worker; without it, starts one on the configured store
    --list               only show the questions and their costs
    --only <ids>         ask only these questions, separated by commas
    --yes                do not ask first
    --json
  connect <client>       put the settings of a seat into a client: claude, codex, opencode, gemini, copilot, qwen,
                         cline, continue, zed, vscode or aider; shows the changes, keeps the originals, asks first
    --url <address>      the gateway; without it, the one on this machine
    --user <name>        the user; the key comes from the terminal or from COPILOT_PROXY_KEY
    --model <id>         a model of the seat; without it, a free one
    --dry-run            only show the changes
    --yes                do not ask first
    --undo               restore the files as they were
  keys list              a user's keys, through a gateway; a new key is shown once
  keys create <name>
  keys change <id>       --name, and the limits below
  keys revoke <id>
    --user <name>        the user; reads the password as doctor does
    --url <address>      the gateway at this address; without it, starts one on the configured store
    --expires <time>     in ISO 8601; none: never
    --models <ids>       the only models, separated by commas; none: all
    --seat <name>        the only seat; none: the one that each request names
    --credits <number>   AI credits in a month; none: no cap
    --json
  seats list             a user's GitHub accounts, through a gateway
  seats add <name>       link one, or link it again, by GitHub's device flow; a token comes from
                         COPILOT_PROXY_GITHUB_TOKEN
  seats remove <name>
    --user, --url, --json   as for keys
  users list             names, day of creation, day of last use, names of keys
    --json
  users delete <name>    delete a user from the store
  invites list           the open invites
  invites create         a code that lets one person register, also where registration is closed; shown once
    --hours <number>     it ends after these hours; 168 without it
  invites revoke <id>
    --url <address>      the gateway at this address, with ADMIN_TOKEN from the environment or standard input;
                         without it, the configured store
    --json
  status, errors, usage  what a running server knows: store and upstream; recent errors; usage by user
    --url <address>      as above; without it, the server on this machine
    --json
  backup <file>          write a consistent copy of the SQLite file

  -h, --help             this text
  -v, --version          the version

Every command reads its settings from the environment and from .env in the working directory.
Exit codes: 0 success, 1 failure, 2 wrong arguments.`
