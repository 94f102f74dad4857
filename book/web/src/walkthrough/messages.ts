/** The sentences of a presented walkthrough. */

import en from "../messages/walkthrough.en.json";
import ko from "../messages/walkthrough.ko.json";
import { type Say as Saying, sayFrom } from "../messages.ts";

export type Key = keyof typeof en;
export type Say = Saying<Key>;

export const messagesIn = (language: string): Say => sayFrom<Key>({ en, ko }, language);
