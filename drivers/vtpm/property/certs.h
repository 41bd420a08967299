/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The host's store of trusted parties and of the manifests they signed: which
 * measurement has which property, and who says so. One for all instances.
 *
 * Every function takes the store's own locks and may sleep. Errors are those
 * of the vocabulary in <uapi/linux/vtpm.h>.
 */
#ifndef VTPM_CERTS_H
#define VTPM_CERTS_H

#include "../env.h"
#include "../limits.h"
#include <uapi/linux/vtpm.h>

struct vtpm_p7;

/**
 * vtpm_trust_add() - trust a party
 * @name: 1 to VTPM_NAME_MAX of [A-Za-z0-9._-]
 * @der: the party's X.509 certificate
 * @len: its bytes
 *
 * The certificate's dates are not looked at: a kernel's clock is not to be
 * trusted at boot, and the admin removes what is no longer valid. A party that
 * is a certification authority vouches for every certificate it has issued
 * that comes with a manifest: give the signer's own certificate to avoid that.
 *
 * Return: 0; -EINVAL: the name; -EEXIST: the name or the key is there already;
 * -E2BIG; -ENOSPC; -EBADMSG: no X.509 certificate; -EKEYREJECTED: the kernel's
 * blacklist has it, or it is self-signed and the signature is wrong; -ENOPKG;
 * -ENOMEM.
 */
int vtpm_trust_add(const char *name, const void *der, size_t len);
/* With all that it signed and what is remembered of it. -ENOENT, -EINTR. */
int vtpm_trust_remove(const char *name);

/**
 * vtpm_cert_load() - load a signed manifest or revocation
 * @p7: DER PKCS#7 SignedData with the text in it (see manifest.c)
 * @len: its bytes
 * @name: the name in the text, on success
 * @err: what is wrong and where; may be NULL; written on -EINVAL with the
 *	position, and on -EBADMSG with line 0
 *
 * What has the same name and is from the same party is replaced in one step.
 *
 * Return: 0; -EINVAL: the text, or what it says: an older version than was here
 * already, a time that is over, a manifest that is revoked; -EBADMSG: no such
 * message; -ENOKEY: nobody whom the admin trusts has signed it; -EKEYREJECTED:
 * the signature is wrong; -EEXIST: something of another party has the name;
 * -E2BIG; -ENOSPC; -ENOPKG; -ENOMEM; -EINTR. Nothing changes on failure.
 */
int vtpm_cert_load(const void *p7, size_t len, char name[VTPM_NAME_MAX + 1],
		   struct vtpm_text_error *err);
/* vPCRs extended so far keep their value. -ENOENT, -EINTR. */
int vtpm_cert_remove(const char *name);

/**
 * vtpm_trust_check() - has a trusted party signed this?
 * @p7: a message taken apart
 * @party: the name of the only one who will do; NULL: any
 * @key: SHA-256 of that one's public key; NULL: whatever it is. Not without @party
 * @by: the name of who has
 *
 * Return: 0; -ENOKEY: none has; -EKEYREJECTED: a signature is wrong; -EBADMSG; -ENOPKG;
 * -ENOMEM; -EINTR.
 */
int vtpm_trust_check(const struct vtpm_p7 *p7, const char *party, const u8 *key,
		     char by[VTPM_NAME_MAX + 1]);

/* Fill at most @room entries, in the order of names; return how many there are. */
unsigned int vtpm_trust_list(struct vtpm_trust_entry *out, unsigned int room);
unsigned int vtpm_cert_list(struct vtpm_cert_entry *out, unsigned int room);
/* Measurements of all manifests, and the bytes of memory that it takes to find them. */
void vtpm_certs_size(u64 *measurements, u64 *bytes);

/* How a property goes into a vPCR. */
enum vtpm_represent {
	VTPM_REPRESENT_KEY,		/* H(the trusted party's public key) */
	VTPM_REPRESENT_PROPERTY,	/* H(the property's text) */
};

/**
 * vtpm_cert_lookup() - what the store says about a measurement
 * @alg: hash algorithm of @m (TPM_ALG_ID)
 * @m: the measurement, one digest
 * @party: name of the only party that counts; "" for all
 * @how: what to give
 * @rep: the representation, hashed with @alg
 *
 * A manifest counts that is not revoked, whose time it is by the host's clock,
 * and whose party has not revoked this measurement. Where several count, it is
 * the one of the party whose name comes first in the order of bytes, and of this
 * party's the one whose own name does: the answer depends on what is loaded and
 * not on the order of loading, and among parties it is the admin who decides.
 *
 * Return: 0, or -ENOENT.
 */
int vtpm_cert_lookup(u16 alg, const u8 *m, const char *party, enum vtpm_represent how, u8 *rep);
/* A look-up of @m comes soon; memory takes longer to answer than anything else in it. */
void vtpm_cert_expect(u16 alg, const u8 *m);

void vtpm_certs_init(void);
/* Drop everything; no instance is left. */
void vtpm_certs_exit(void);

#endif /* VTPM_CERTS_H */
