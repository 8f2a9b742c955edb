import nextVitals from "eslint-config-next/core-web-vitals";
import nextTypescript from "eslint-config-next/typescript";
import { defineConfig, globalIgnores } from "eslint/config";

const doubleAssertion = {
  selector: "TSAsExpression > TSAsExpression[typeAnnotation.type='TSUnknownKeyword']",
  message: "Parse at the edge and trust inside; `as unknown as` hides what was not parsed.",
};
const environment = {
  selector:
    "MemberExpression[object.object.name='process'][object.property.name='env']:not([property.name='NODE_ENV']):not([property.value='NODE_ENV'])",
  message: "lib/platform/runtime/env.ts is the only reader of process.env.",
};
const focusedTest = {
  selector:
    "CallExpression[callee.object.name=/^(it|test|describe)$/][callee.property.name=/^(only|skip|todo)$/]:not([arguments.length=0])",
  message: "Every test runs, always.",
};

/** Files that must have a default export because a tool reads it. */
const defaultExports = [
  "app/**/{page,layout,template,loading,error,not-found,global-error,default,manifest,robots,sitemap}.{ts,tsx}",
  "*.config.{ts,mjs}",
  "proxy.ts",
  "lib/web/page/i18n.ts",
  "tests/**/*setup.ts",
  "tests/budgets/**",
  "scripts/lib/glyphs.mjs",
];

export default defineConfig([
  globalIgnores([
    ".next/**",
    ".campus/**",
    ".services/**",
    "lib/platform/generated/**",
    "next-env.d.ts",
    "test-results/**",
    "playwright-report/**",
  ]),
  ...nextVitals,
  ...nextTypescript,
  {
    files: ["**/*.{ts,tsx,mts,mjs}"],
    // A rule that is wrong is changed here, for all to see; comments do not switch rules off.
    linterOptions: { noInlineConfig: true },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", varsIgnorePattern: "^_", caughtErrors: "all", caughtErrorsIgnorePattern: "^_" },
      ],
      "@typescript-eslint/ban-ts-comment": [
        "error",
        { "ts-ignore": true, "ts-nocheck": true, "ts-expect-error": true, "ts-check": false },
      ],
      "max-lines": ["error", { max: 500 }],
      "no-console": "error",
      "no-restricted-syntax": ["error", doubleAssertion, environment, focusedTest],
      "import/no-default-export": "error",
      "import/no-cycle": "off", // dependency-cruiser does it, with types
      eqeqeq: ["error", "always", { null: "ignore" }],
      "jsx-a11y/click-events-have-key-events": "error",
      "jsx-a11y/no-static-element-interactions": "error",
      "jsx-a11y/interactive-supports-focus": "error",
      "jsx-a11y/tabindex-no-positive": "error",
      "jsx-a11y/anchor-has-content": "error",
      "jsx-a11y/heading-has-content": "error",
      "jsx-a11y/iframe-has-title": "error",
    },
  },
  {
    files: defaultExports,
    rules: { "import/no-default-export": "off" },
  },
  {
    // Tools and tests speak to a person at a terminal and set up environments.
    files: ["scripts/**", "tests/**", "workers/tools/**", "**/*.test.{ts,tsx}", "*.config.{ts,mjs}", "*.cjs"],
    rules: { "no-console": "off", "no-restricted-syntax": ["error", doubleAssertion, focusedTest] },
  },
  {
    // After an error the page is read anew from the server: a plain link, on purpose.
    files: ["components/patterns/route-error.tsx"],
    rules: { "@next/next/no-html-link-for-pages": "off" },
  },
  {
    files: ["lib/platform/runtime/env.ts"],
    rules: { "no-restricted-syntax": ["error", doubleAssertion, focusedTest] },
  },
]);
