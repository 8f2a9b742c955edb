// A web process without the product behind it: our HTTP server, which answers after a moment and writes down what it was
// asked to do. `answering-process.ts PORT FILE KEEP_ALIVE_MS`; SIGTERM drains it as it does server.ts.
import fs from "node:fs";
import { createHttpServer, HTTP_LIMITS } from "@/lib/web/server/http-server";

const [port, file = "", keepAliveMs] = process.argv.slice(2);
const { server, drain } = createHttpServer(
  (request, response) => {
    request.resume().on("end", () => {
      if (request.method !== "GET") fs.appendFileSync(file, `${request.method} ${request.url}\n`);
      setTimeout(() => response.end(`${process.pid}`), 5);
    });
  },
  { ...HTTP_LIMITS, keepAliveMs: Number(keepAliveMs) },
);
process.once("SIGTERM", () => void drain().then(() => process.exit(0)));
server.listen(Number(port), "127.0.0.1");
