// What the gateway uses of the module that only Workers have.

declare module "cloudflare:workers" {
  interface Sql {
    exec(statement: string, ...values: unknown[]): { readonly rowsWritten: number; toArray(): Record<string, unknown>[] };
  }

  interface State {
    readonly storage: { readonly sql: Sql; getAlarm(): Promise<number | null>; setAlarm(time: number): Promise<void> };
  }

  /** An object that is in one place only. */
  export class DurableObject {
    constructor(context: State, environment: unknown);
    protected readonly ctx: State;
    alarm?(): Promise<void>;
  }
}
