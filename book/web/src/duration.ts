/** Spans of time as the figure's readouts and as kubectl write them. */

import { WAITS } from "./style.ts";

/** A time or a span in seconds, with tenths below two minutes: `40.3s`, `5m52s`. */
export function reading(seconds: number): string {
  const tenths = Math.floor(seconds * 10 + 0.5) / 10;
  if (tenths < WAITS.tenthsBelow) return `${tenths}s`;
  const whole = Math.floor(tenths);
  const hours = whole >= 180 * 60 ? Math.floor(whole / 3600) : 0;
  const parts = [
    [hours, "h"],
    [Math.floor(whole / 60) - 60 * hours, "m"],
    [hours ? 0 : whole % 60, "s"],
  ] as const;
  return parts.map(([n, unit]) => (n ? n + unit : "")).join("") || "0s";
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

const pair = (large: number, unit: string, small: number, subunit: string) =>
  small ? `${large}${unit}${small}${subunit}` : `${large}${unit}`;

/** The age at `t` of what happened `since`; times are whole milliseconds. */
export function age(t: number, since: number): string {
  return humanDuration(Math.round((t - since) * 1000) / 1000);
}

/** What kubectl prints under AGE for a span of seconds.   k8s.io/apimachinery duration.HumanDuration */
export function humanDuration(seconds: number): string {
  const s = Math.trunc(seconds);
  if (s < -1) return "<invalid>";
  if (s < 0) return "0s";
  const [minutes, hours] = [Math.floor(s / MINUTE), Math.floor(s / HOUR)];
  if (s < 2 * MINUTE) return `${s}s`;
  if (minutes < 10) return pair(minutes, "m", s % MINUTE, "s");
  if (minutes < 180) return `${minutes}m`;
  if (hours < 8) return pair(hours, "h", minutes % 60, "m");
  if (hours < 48) return `${hours}h`;
  if (s < 8 * DAY) return pair(Math.floor(s / DAY), "d", hours % 24, "h");
  if (s < 2 * YEAR) return `${Math.floor(s / DAY)}d`;
  if (s < 8 * YEAR) return pair(Math.floor(s / YEAR), "y", Math.floor((s % YEAR) / DAY), "d");
  return `${Math.floor(s / YEAR)}y`;
}
