/**
 * The query of a form's fields. Of a repeated name the last counts (an unticked box has a hidden field before it), and
 * what is empty or what the page takes anyway (`defaults`, a query) is left out, so that one list has one address.
 */
export function queryOf(fields: Iterable<readonly [string, unknown]>, defaults = ""): string {
  const taken = new URLSearchParams(defaults);
  const query = new URLSearchParams();
  for (const [name, value] of fields) if (typeof value === "string") query.set(name, value.trim());
  for (const [name, value] of [...query]) if (value === "" || value === taken.get(name)) query.delete(name);
  query.sort();
  return query.toString();
}

/** True for fields that change with every key: their list is asked for when the typing pauses. */
export function isTyped(field: { type: string }): boolean {
  return ["search", "text", "time", "date", "number"].includes(field.type);
}

/** Puts a query into the fields of a form: what somebody sees there is what the list is filtered by. */
export function fillFields(elements: Iterable<Element>, query: string, defaults = ""): void {
  const values = new URLSearchParams(query);
  const taken = new URLSearchParams(defaults);
  for (const element of elements) {
    if (!(element instanceof HTMLInputElement || element instanceof HTMLSelectElement)) continue;
    if (element.name === "" || element.type === "hidden") continue;
    const value = values.get(element.name) ?? taken.get(element.name) ?? "";
    if (element instanceof HTMLInputElement && element.type === "checkbox") element.checked = element.value === value;
    else element.value = value;
  }
}
