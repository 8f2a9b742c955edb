import http from "node:http";
import { once } from "node:events";
import Provider from "oidc-provider";

/** What the issuer says of an account: `email`, `email_verified` and whatever else. */
export type IssuedClaims = Readonly<Record<string, unknown>>;

export interface TestIssuer {
  /** As the product is told it. */
  issuer: string;
  /** Who can sign in there, by their subject, with any password. May be changed while it runs. */
  accounts: Map<string, IssuedClaims>;
  isUp(): boolean;
  stop(): Promise<void>;
}

/**
 * A real OpenID Connect issuer in this process, whose pages ask for a subject and take any password. `inIdToken`: the ID token has the email address,
 * else only the user info has, as OpenID Connect has it for codes.
 */
export async function startIssuer(options: {
  port: number;
  client: { id: string; secret: string; callback: string; afterSigningOut: string };
  inIdToken: boolean;
}): Promise<TestIssuer> {
  const { port, client } = options;
  const issuer = `http://localhost:${port}`;
  const accounts = new Map<string, IssuedClaims>();
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: [client.callback],
        post_logout_redirect_uris: [client.afterSigningOut],
        response_types: ["code"],
        grant_types: ["authorization_code"],
      },
    ],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    conformIdTokenClaims: !options.inIdToken,
    findAccount: (_ctx, sub) => {
      const claims = accounts.get(sub);
      return claims && { accountId: sub, claims: () => ({ sub, ...claims }) };
    },
    pkce: { required: () => true },
    cookies: { keys: ["only a test"] },
    ttl: { Session: 600, Interaction: 600, Grant: 600, AccessToken: 600, IdToken: 600, AuthorizationCode: 60 },
  });
  const server = http.createServer(provider.callback());
  server.listen(port, "localhost");
  await once(server, "listening");
  return {
    issuer,
    accounts,
    isUp: () => server.listening,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
