// What every contender does: a line with what is presented comes in, `true` or `false` and nanoseconds go out.
import { createInterface } from "node:readline";

// compete(verify, prepare): `prepare` makes of the line what is verified, and is not counted.
export async function compete(verify, prepare = (line) => line) {
  for await (const line of createInterface({ input: process.stdin })) {
    const presented = prepare(line);
    const start = process.hrtime.bigint();
    const allowed = await verify(presented);
    console.log(`${allowed} ${process.hrtime.bigint() - start}`);
  }
}
