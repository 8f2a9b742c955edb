/** Names of the synthetic people of the demo school; combined by index, so every start makes the same people. */
export const GIVEN_NAMES = [
  "Amara",
  "Bence",
  "Chiara",
  "Dario",
  "Elif",
  "Farid",
  "Greta",
  "Hugo",
  "Ines",
  "Jonas",
  "Kaya",
  "Luca",
  "Mira",
  "Nils",
  "Oona",
  "Pavel",
  "Quinn",
  "Rosa",
  "Samir",
  "Thea",
  "Umar",
  "Vera",
  "Wim",
  "Xenia",
  "Yusuf",
  "Zoe",
  "Anton",
  "Bruna",
  "Cyril",
  "Daria",
  "Emil",
] as const;

export const FAMILY_NAMES = [
  "Abelard",
  "Bjornsen",
  "Castellan",
  "Dragomir",
  "Eriksdal",
  "Fontaine",
  "Gruber",
  "Halloran",
  "Ibarra",
  "Jankovic",
  "Kowalczyk",
  "Lavigne",
  "Mbeki",
  "Novotny",
  "Oduya",
  "Petrov",
  "Quintero",
  "Rahimi",
  "Sorensen",
  "Takahara",
  "Ulrich",
  "Valdez",
  "Winther",
  "Yilmaz",
  "Zeman",
  "Ashdown",
  "Brennan",
] as const;

/** A number generator with a seed (mulberry32), so that the demo school and tests are the same on every run. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
