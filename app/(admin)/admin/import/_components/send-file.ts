export type Sent = { status: "done"; id: string } | { status: "failed" | "offline" };

/**
 * Sends a file as it is and says how much of it is sent (0 to 1). Not by `fetch`, which does not tell. Never rejects.
 */
export function send(file: File, onProgress: (share: number) => void): Promise<Sent> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("PUT", `/api/roster-imports/${newImportId()}?name=${encodeURIComponent(file.name.slice(-200))}`);
    request.responseType = "json";
    request.setRequestHeader("content-type", "application/octet-stream");
    request.upload.addEventListener("progress", ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0));
    request.addEventListener("load", () => {
      const id = idOf(request.response);
      resolve(request.status === 201 && id !== null ? { status: "done", id } : { status: "failed" });
    });
    request.addEventListener("error", () => resolve({ status: navigator.onLine ? "failed" : "offline" }));
    request.send(file);
  });
}

/** 128 random bits; `crypto.randomUUID` is not there without https. */
function newImportId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function idOf(answer: unknown): string | null {
  return typeof answer === "object" && answer !== null && "id" in answer ? String(answer.id) : null;
}
