/** The sentences of the explorer, in the reader's language. */

import en from "./messages/en.json";
import ko from "./messages/ko.json";

export type Key = keyof typeof en;
export type Say<K extends string = Key> = (key: K, values?: Readonly<Record<string, string | number>>) => string;

export const LANGUAGES: Readonly<Record<string, Readonly<Record<Key, string>>>> = { en, ko };

/** `language` is a BCP 47 tag; English stands in for languages without texts. */
export function messagesIn(language: string): Say {
  return sayFrom(LANGUAGES, language);
}

export function sayFrom<K extends string>(
  languages: Readonly<Record<string, Readonly<Record<K, string>>>>,
  language: string,
): Say<K> {
  const texts = languages[language.split("-")[0]!.toLowerCase()] ?? languages.en!;
  return (key, values = {}) => texts[key].replace(/\{(\w+)\}/g, (hole, name) => String(values[name] ?? hole));
}
