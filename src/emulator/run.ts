// Runs only the emulator, for `main.ts`: prints the settings for a gateway.
import { startEmulator } from './emulator.ts'

const print = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

const emulator = await startEmulator({ port: Number(process.argv[2] ?? 0), deviceInterval: 1, chunkDelayMs: 15,
  onProblem: message => print(`problem: ${message}`) })
const seat = emulator.addSeat()
print(`# The emulator of GitHub and Copilot listens at ${emulator.origin}. Start the gateway with:`)
for (const [name, value] of Object.entries(emulator.env)) print(`${name}=${value}`)
print(`# A GitHub token that works here: ${seat.githubToken}`)
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void emulator.close()
  })
}
