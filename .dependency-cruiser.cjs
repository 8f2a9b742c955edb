/**
 * Who may import whom. A module may import what its line names, itself, and nothing else of ours; test files and
 * tests/support may import anything. tests/import-rules.test.ts plants a bad import for each rule and sees it refused.
 */
const below = ["shared", "platform"];
const rooms = {
  // The keys of sentences, for their types alone: words are chosen where an answer is written.
  "lib/shared": ["messages/en"],
  "lib/platform": ["lib/shared"],
  "lib/web": ["lib/shared", "lib/platform", "lib/identity", "messages"],
  // The name that stands for one that was forgotten is in the catalogues.
  "lib/identity": [...lib(...below), "messages"],
  "lib/catalog": lib(...below, "identity"),
  "lib/enrollment": lib(...below, "identity", "catalog"),
  "lib/timetable": lib(...below, "identity", "catalog", "enrollment"),
  "lib/attendance": lib(...below, "identity", "catalog", "enrollment"),
  // The two modules that write sentences to people outside a page take them from the catalogues too.
  "lib/roster": [...lib(...below, "identity", "catalog", "enrollment"), "messages"],
  "lib/notification": [...lib(...below, "identity"), "messages"],
  "lib/insight": lib(...below, "identity"),
  "components/ui": [],
  "components/patterns": ["components/ui", "messages"],
  // The roster tool speaks at a terminal.
  workers: ["lib/(?!web/)[^/]+", "messages"],
  messages: [],
};

/** @param {string[]} names */
function lib(...names) {
  return names.map((name) => `lib/${name}`);
}

const ours = "^(app|components|lib|workers|messages|tests|scripts)/|^(proxy|instrumentation|server)[.]ts$";
const tests = "[.]test[.]tsx?$|^tests/";

/** @param {string} room @param {string[]} mayImport */
function allowOnly(room, mayImport) {
  return {
    name: `${room.replaceAll("/", "-")}-imports`,
    comment: `${room} may import: ${mayImport.length === 0 ? "nothing of ours" : mayImport.join(", ")}`,
    severity: "error",
    from: { path: `^${room}/`, pathNot: tests },
    to: { path: ours, pathNot: [room, ...mayImport].map((allowed) => `^${allowed}/`) },
  };
}

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    ...Object.entries(rooms).map(([room, mayImport]) => allowOnly(room, mayImport)),
    {
      name: "components-module-imports",
      comment:
        "A domain view takes DTOs: of lib it may import the schemas only, and the folding that searches share; of components ui, patterns, and the views of catalog, on which the others build.",
      severity: "error",
      from: { path: "^components/(?!ui/|patterns/)([^/]+)/", pathNot: tests },
      to: {
        path: ours,
        pathNot: [
          "^components/(ui|patterns|catalog|$1)/",
          "^lib/[^/]+/schema[.]ts$",
          "^lib/shared/fold[.]ts$",
          "^messages/",
        ],
      },
    },
    {
      name: "app-imports",
      comment:
        "Pages and routes go down through lib/web and the use-cases; platform is not theirs (health and metrics are).",
      severity: "error",
      from: { path: "^app/|^proxy[.]ts$", pathNot: `${tests}|^app/api/(health|metrics)/` },
      to: { path: ours, pathNot: ["^app/", "^components/", "^messages/", "^lib/(?!platform/)[^/]+/"] },
    },
    {
      name: "server-imports",
      comment: "The server is a shell around Next.js: it knows HTTP and the process, nothing of the business.",
      severity: "error",
      from: { path: "^server[.]ts$" },
      to: { path: ours, pathNot: ["^lib/(web|platform)/"] },
    },
    {
      name: "segment-private",
      comment: "_components of one part of the app are for that part alone; what two need lives in components/.",
      severity: "error",
      // The brackets of a route group would be a group of the pattern: they are matched apart from the name.
      from: { path: "^app/[(]?([^/()]+)[)]?/", pathNot: tests },
      to: { path: "^app/[^_].*/_", pathNot: "^app/[(]?$1[)]?/" },
    },
    {
      name: "shells-are-not-imported",
      comment: "Nothing in the core knows which shell called it.",
      severity: "error",
      from: { path: "^(lib|components|workers|messages)/", pathNot: tests },
      to: { path: "^app/" },
    },
    {
      name: "generated-client-stays-inside",
      comment: "Prisma types stay inside lib; what leaves a module is a DTO.",
      severity: "error",
      from: { pathNot: `^lib/|${tests}` },
      to: { path: "^lib/platform/generated/" },
    },
    {
      name: "no-tests-in-product",
      comment: "Product code imports no test code.",
      severity: "error",
      from: { pathNot: tests },
      to: { path: tests },
    },
    {
      name: "no-cycles",
      comment: "A cycle has no first thing to understand. Types do not count: they are gone at run time.",
      severity: "error",
      from: { pathNot: "^lib/platform/generated/" },
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "resolvable",
      comment: "An import that leads nowhere breaks at run time.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, pathNot: "^(node|server-only|client-only)(:|$)" },
    },
    {
      name: "no-dev-packages-in-product",
      comment: "What the product imports is a dependency, not a dev dependency.",
      severity: "error",
      from: { path: "^(app|components|lib|workers)/|^(proxy|server)[.]ts$", pathNot: `${tests}|^workers/tools/` },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["npm", "type-only"], pathNot: "/@types/" },
    },
  ],
  options: {
    doNotFollow: { path: ["node_modules", "^lib/platform/generated/"] },
    exclude: { path: "^[.]next/|^next-env[.]d[.]ts$" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
      extensions: [".ts", ".tsx", ".mts", ".mjs", ".js", ".json", ".d.ts"],
    },
  },
};
