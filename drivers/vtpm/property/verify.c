// SPDX-License-Identifier: GPL-2.0-only
/*
 * Signatures of manifests, checked by the kernel's own X.509 and PKCS#7 code.
 *
 * Each trusted party has a keyring to itself, with its certificate as the only
 * key, so that it is known who signed and not just that somebody did. Nobody
 * but this file holds the keyring, and those who find it by its number may look
 * at it and no more.
 */
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/key.h>
#include <linux/slab.h>
#include <linux/verification.h>
#include <crypto/public_key.h>
#include <keys/asymmetric-subtype.h>
#include <keys/asymmetric-type.h>
#include <uapi/linux/vtpm.h>

#include "verify.h"

#define KEYRING_PERM	(KEY_POS_VIEW | KEY_POS_READ | KEY_POS_SEARCH | KEY_POS_WRITE | \
			 KEY_USR_VIEW | KEY_USR_READ)
#define KEY_PERM	(KEY_POS_VIEW | KEY_POS_SEARCH | KEY_USR_VIEW)

/**
 * struct vtpm_anchor - one trusted party
 * @keyring: has its certificate alone
 * @key: the certificate
 */
struct vtpm_anchor {
	struct key *keyring;
	struct key *key;
};

static struct key *new_keyring(const char *name)
{
	char description[VTPM_NAME_MAX + sizeof(".vtpm:")];

	snprintf(description, sizeof(description), ".vtpm:%s", name);
	return keyring_alloc(description, GLOBAL_ROOT_UID, GLOBAL_ROOT_GID, current_cred(),
			     KEYRING_PERM, KEY_ALLOC_NOT_IN_QUOTA, NULL, NULL);
}

static const struct public_key *public_key_of(const struct key *key)
{
	return key->payload.data[asym_crypto];
}

/* The key type takes other things than certificates too, private keys among them. */
static bool is_certificate(const struct key *key)
{
	const struct public_key *pub = public_key_of(key);

	return pub && !pub->key_is_private && pub->id_type && !strcmp(pub->id_type, "X509");
}

/* The words of the kernel's parsers, in those of the ioctls. */
static int anchor_error(long rc)
{
	switch (rc) {
	case -ENOMEM:
	case -ENOPKG:
	case -EKEYREJECTED:
		return rc;
	case -ENOENT:			/* the crypto API has no such algorithm */
		return -ENOPKG;
	default:
		return -EBADMSG;
	}
}

static int verify_error(int rc)
{
	return rc == -ENOKEY ? rc : anchor_error(rc);
}

static int add_certificate(struct vtpm_anchor *a, const void *der, size_t len)
{
	key_ref_t ref = key_create_or_update(make_key_ref(a->keyring, true), "asymmetric", NULL,
					     der, len, KEY_PERM, KEY_ALLOC_NOT_IN_QUOTA);

	if (IS_ERR(ref))
		return anchor_error(PTR_ERR(ref));
	a->key = key_ref_to_ptr(ref);
	return is_certificate(a->key) ? 0 : -EBADMSG;
}

int vtpm_anchor_open(const char *name, const void *der, size_t len, struct vtpm_anchor **anchor)
{
	struct vtpm_anchor *a = kzalloc(sizeof(*a), GFP_KERNEL);
	int rc;

	if (!a)
		return -ENOMEM;
	a->keyring = new_keyring(name);
	if (IS_ERR(a->keyring)) {
		kfree(a);
		return -ENOMEM;
	}
	rc = add_certificate(a, der, len);
	if (rc) {
		vtpm_anchor_close(a);
		return rc;
	}
	*anchor = a;
	return 0;
}

void vtpm_anchor_close(struct vtpm_anchor *anchor)
{
	if (!anchor)
		return;
	key_put(anchor->key);
	keyring_clear(anchor->keyring);
	key_put(anchor->keyring);
	kfree(anchor);
}

const u8 *vtpm_anchor_key(const struct vtpm_anchor *anchor, size_t *len)
{
	const struct public_key *pub = public_key_of(anchor->key);

	*len = pub->keylen;
	return pub->key;
}

int vtpm_anchor_verify(const struct vtpm_anchor *anchor, const void *data, size_t len,
		       const void *sig, size_t sig_len)
{
	int rc;

	rc = verify_pkcs7_signature(data, len, sig, sig_len, anchor->keyring,
				    VERIFYING_UNSPECIFIED_SIGNATURE, NULL, NULL);
	return rc ? verify_error(rc) : 0;
}
