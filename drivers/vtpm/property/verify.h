/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One trusted party's certificate, and the check that it signed something.
 * verify.c does this with the kernel's X.509 and PKCS#7 code; the host tier has
 * a twin over OpenSSL.
 */
#ifndef VTPM_VERIFY_H
#define VTPM_VERIFY_H

#include "../env.h"

struct vtpm_anchor;

/* What the kernel's own code lacks for this; once, before and after all else here. */
void vtpm_verify_init(void);
void vtpm_verify_exit(void);

/**
 * vtpm_anchor_open() - a certificate made ready
 * @name: the party's, for those who look at keyrings
 * @der: X.509 certificate
 * @len: its bytes
 * @anchor: the result; unchanged on failure
 *
 * Return: 0, -EBADMSG, -EKEYREJECTED, -ENOPKG, -ENOMEM.
 */
int vtpm_anchor_open(const char *name, const void *der, size_t len, struct vtpm_anchor **anchor);
/* NULL is fine. */
void vtpm_anchor_close(struct vtpm_anchor *anchor);
/* The public key: what the certificate's subjectPublicKey BIT STRING holds. */
const u8 *vtpm_anchor_key(const struct vtpm_anchor *anchor, size_t *len);

/**
 * vtpm_anchor_verify() - has this party, or one that it certified, signed @data?
 * @anchor: the party
 * @data: what was signed
 * @len: its bytes
 * @sig: DER PKCS#7 SignedData without content
 * @sig_len: its bytes
 *
 * Return: 0; -ENOKEY: it has not; -EKEYREJECTED: a signature is wrong; -EBADMSG;
 * -ENOPKG; -ENOMEM.
 */
int vtpm_anchor_verify(const struct vtpm_anchor *anchor, const void *data, size_t len,
		       const void *sig, size_t sig_len);

#endif /* VTPM_VERIFY_H */
