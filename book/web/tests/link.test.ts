import assert from "node:assert/strict";
import { test } from "node:test";
import type { Declaration, Values } from "../src/data.ts";
import { decode, encode } from "../src/link.ts";

const DECLARATION = {
  id: "crash-loop",
  start: 32,
  controls: [
    { id: "run-length", as: "number", min: 1, max: 900, value: 5 },
    {
      id: "restart-policy",
      as: "choice",
      value: "Always",
      choices: [
        { value: "Always", label: "Always" },
        { value: "Never", label: "Never" },
      ],
    },
    { id: "oom", as: "bool", value: false },
    { id: "t", as: "text", value: "" },
    { id: "runs", as: "runs", value: [{ for: 5, exit: 1 }] },
  ],
} as unknown as Declaration;
const OWN = { "run-length": 5, "restart-policy": "Always", oom: false, t: "", runs: [{ for: 5, exit: 1 }] };

test("a link says what differs from the page, and is read back", () => {
  const runs = [{ for: 2.5, exit: 1 }, { for: 9, exit: 137, oom: true }, { for: null }];
  const values = { ...OWN, "run-length": 30, t: "a&b=c", runs };
  const against = { ...OWN, "restart-policy": "Never" };
  const state = { values, against, t: 181.8, zoom: "near", shortWaits: true } as const;
  const link = encode(DECLARATION, state);
  assert.equal(
    link,
    "e=crash-loop&v=1&run-length=30&.t=a%26b%3Dc&runs=2.5x1%7E9o%7E-&vs=1&vs.restart-policy=Never&t=181.8&zoom=near&waits=short",
  );
  assert.deepEqual(decode(DECLARATION, `#${link}`), state);
});

test("a link of before links had versions is read", () => {
  const shared = decode(DECLARATION, "#e=crash-loop&run-length=30&t=3") as { values: Values; against: null; t: number };
  assert.deepEqual([shared.values["run-length"], shared.against, shared.t], [30, null, 3]);
});

test("a link to another explorer says nothing", () => assert.equal(decode(DECLARATION, "#e=life&t=3"), null));

const HOSTILE: [string, string, string?][] = [
  ["v=2&run-length=6", "version"],
  ["v=&t=3", "version"],
  [`.t=${"x".repeat(9000)}`, "length"],
  [`.t=${"x".repeat(2001)}`, "value", "t"],
  ["constructor=1", "unknown"],
  ["__proto__=2", "unknown"],
  ["toString=1&t=3", "unknown"],
  ["vs.__proto__=2", "unknown"],
  ["<img src=x onerror=alert(1)>=1", "unknown"],
  ["run-length=", "value", "run-length"],
  ["run-length=NaN", "value", "run-length"],
  ["run-length=Infinity", "value", "run-length"],
  ["run-length=1e9", "value", "run-length"],
  ["run-length=-1", "value", "run-length"],
  ["run-length=5;alert(1)", "value", "run-length"],
  ["vs=1&vs.run-length=0", "value", "run-length"],
  ["run-length=0&vs=1&vs.run-length=5", "value", "run-length"],
  ["vs=__proto__", "value", "vs"],
  ["restart-policy=<script>alert(1)</script>", "value", "restart-policy"],
  ["restart-policy=constructor", "value", "restart-policy"],
  ["oom=maybe", "value", "oom"],
  ["oom=1", "value", "oom"],
  ["t=-5", "value", "t"],
  ["t=NaN", "value", "t"],
  ["zoom=__proto__", "value", "zoom"],
  ["waits=toString", "value", "waits"],
  ["runs=", "value", "runs"],
  ["runs=[{%22for%22:1}]", "value", "runs"],
  ["runs=1e9x1", "value", "runs"],
  ["runs=9999x1", "value", "runs"],
  ["runs=5x256", "value", "runs"],
  [`runs=${Array(13).fill("1x1").join("~")}`, "value", "runs"],
  ["%E0%A4%A", "unknown"],
];

for (const [link, bad, detail = ""] of HOSTILE) {
  test(`a hostile link does nothing but say so: ${link.slice(0, 40)}`, () => {
    assert.deepEqual(decode(DECLARATION, `#e=crash-loop&${link}`), { bad, detail });
  });
}
