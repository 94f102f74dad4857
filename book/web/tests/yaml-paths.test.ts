import assert from "node:assert/strict";
import { test } from "node:test";
import { linePaths, unfolded } from "../src/yaml-paths.ts";

const WROTE = `spec:
  restartPolicy: Always
  containers:
  - name: app
    command: [sh, -c, "sleep 5, then exit"]`.split("\n");

const STORED = `spec:
  containers:
  - command:
    - sh
    - -c
    - sleep 5, then exit
    imagePullPolicy: IfNotPresent
    name: app
  restartPolicy: Always`.split("\n");

test("what was written is found again whatever its order and style, and what was added is not", () => {
  const own = new Set(linePaths(unfolded(WROTE)));
  const added = STORED.filter((_, n) => !own.has(linePaths(STORED)[n]!));
  assert.deepEqual(added, ["    imagePullPolicy: IfNotPresent"]);
});
