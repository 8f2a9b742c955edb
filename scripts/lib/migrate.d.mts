/** A committed migration. */
export interface Migration {
  name: string;
  sql: string;
  checksum: string;
}
/** A row of `_prisma_migrations` that was not rolled back. */
export interface AppliedMigration {
  migration_name: string;
  checksum: string;
  finished_at: Date | null;
}
export const migrationsFolder: string;
export function readMigrations(folder?: string): Migration[];
export function pendingMigrations(migrations: Migration[], applied: AppliedMigration[]): Migration[];
export function migrate(url: string, folder?: string): Promise<string[]>;
export function assertMigrated(url: string, folder?: string): Promise<void>;
export function ensureDatabase(url: string): Promise<void>;
