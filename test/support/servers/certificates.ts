import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate for 127.0.0.1 that is its own authority, and the files that hold it. */
export class TestCertificate {
  readonly #folder = mkdtempSync(join(tmpdir(), 'rookery-tls-'));
  readonly certFile = join(this.#folder, 'cert.pem');
  readonly keyFile = join(this.#folder, 'key.pem');

  constructor() {
    const kind = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];
    const subject = ['-subj', '/CN=rookery-test', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const files = ['-out', this.certFile, '-keyout', this.keyFile];
    execFileSync('openssl', [...kind, ...subject, ...files], { stdio: 'ignore' });
  }

  get pem(): { readonly cert: string; readonly key: string } {
    return { cert: readFileSync(this.certFile, 'utf8'), key: readFileSync(this.keyFile, 'utf8') };
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
