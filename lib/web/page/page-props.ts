/** What Next.js gives a page: path parameters by name, and the query, in which a repeated name is an array. */
export type PageInput<P extends string = never> = {
  params: Promise<Record<P, string>>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};
