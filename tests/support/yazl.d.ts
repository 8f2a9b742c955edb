/** What the tests use of yazl, which brings no types. */
declare module "yazl" {
  export class ZipFile {
    readonly outputStream: NodeJS.ReadableStream;
    addBuffer(buffer: Buffer, metadataPath: string): void;
    end(): void;
  }
}
