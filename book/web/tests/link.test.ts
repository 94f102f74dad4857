import assert from "node:assert/strict";
import { test } from "node:test";
import type { Declaration } from "../src/data.ts";
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
  ],
} as unknown as Declaration;
const OWN = { "run-length": 5, "restart-policy": "Always", oom: false, t: "" };

test("a link says what differs from the page, and is read back", () => {
  const state = { values: { ...OWN, "run-length": 30, t: "a&b=c" }, t: 181.8, zoom: "near", shortWaits: true } as const;
  const link = encode(DECLARATION, state);
  assert.equal(link.includes("&oom="), false);
  assert.deepEqual(decode(DECLARATION, `#${link}`), state);
});

test("a link to another explorer says nothing", () => assert.equal(decode(DECLARATION, "#e=life&t=3"), null));

const HOSTILE = [
  "#e=crash-loop&run-length=1e9&restart-policy=<script>&oom=maybe&t=-5&zoom=__proto__&waits=x",
  "#e=crash-loop&run-length=&t=NaN&constructor=1&__proto__=2",
  `#e=crash-loop&.t=${"x".repeat(5000)}`,
  "#e=crash-loop&%E0%A4%A",
];

for (const link of HOSTILE) {
  test(`a hostile link changes nothing: ${link.slice(0, 40)}`, () => {
    assert.deepEqual(decode(DECLARATION, link), { values: OWN, t: 32, zoom: "all", shortWaits: null });
  });
}
