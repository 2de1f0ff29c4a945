// The loop that every contender in JavaScript runs after its first line of output, which is a JSON object with its
// credentials. Each input line is a credential or an event. For each one it prints whether it is allowed, and after how many
// nanoseconds.
import { createInterface } from "node:readline";

// Verifies each line. `prepare` turns a line into the input of `verify`, and is not measured.
export async function compete(verify, prepare = (line) => line) {
  for await (const line of createInterface({ input: process.stdin })) {
    const input = prepare(line);
    const start = process.hrtime.bigint();
    const allowed = await verify(input);
    console.log(`${allowed} ${process.hrtime.bigint() - start}`);
  }
}
