/** The sentences of the playground, beside those of the explorer whose parts it shows. */

import en from "../messages/playground.en.json";
import ko from "../messages/playground.ko.json";
import { LANGUAGES, type Say as Saying, type Key as Shared, sayFrom } from "../messages.ts";

export type Key = Shared | keyof typeof en;
export type Say = Saying<Key>;

const ALL: Readonly<Record<string, Readonly<Record<Key, string>>>> = {
  en: { ...LANGUAGES.en!, ...en },
  ko: { ...LANGUAGES.ko!, ...ko },
};

export const messagesIn = (language: string): Say => sayFrom(ALL, language);
