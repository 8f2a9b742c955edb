/** A process as it was when it was started: its pid, and what tells it from a later process with that pid. */
export interface RememberedProcess {
  pid: number;
  identity: string | undefined;
}
/** One running service. */
export interface Service {
  url: string;
  ports: number[];
  processes: RememberedProcess[];
}
export type ServiceName = "postgres" | "redis" | "kafka";
export type ServicesState = Partial<Record<ServiceName, Service>>;
export interface ServicesOptions {
  names?: ServiceName[];
  brokers?: 1 | 3;
  durable?: boolean;
  system?: boolean;
  diesWithParent?: boolean;
  folder?: string;
}
export const SERVICE_NAMES: ServiceName[];
export function servicesFolder(): string;
export function readState(folder?: string): ServicesState;
export function isServiceUp(service: Service | undefined): Promise<boolean>;
export function serviceEnvironment(state: ServicesState): Record<string, string>;
export function servicesUp(options?: ServicesOptions): Promise<{ state: ServicesState; started: ServiceName[] }>;
export function servicesDown(options?: { names?: ServiceName[]; folder?: string }): Promise<void>;
