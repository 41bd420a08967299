// SPDX-License-Identifier: GPL-2.0-only
/*
 * RSA encodings of RFC 8017. The two that decrypt (OAEP and RSAES) decide in
 * constant time, once, with one error: which part of an encoding was wrong is
 * what the attacks of Bleichenbacher and his heirs live on. An encoding that is right tells its
 * length, which the caller is about to publish.
 */
#include "bn.h"

/* ---- signatures ---- */

int vt_pkcs1_sign_encode(const struct vt_hash_alg *alg, const u8 *digest, u8 *em, size_t n_len)
{
	size_t info = (size_t)alg->oid_size + alg->digest_size;

	if (n_len < info + 11)
		return -EINVAL;
	em[0] = 0;
	em[1] = 1;
	memset(em + 2, 0xff, n_len - info - 3);
	em[n_len - info - 1] = 0;
	memcpy(em + n_len - info, alg->oid, alg->oid_size);
	memcpy(em + n_len - alg->digest_size, digest, alg->digest_size);
	return 0;
}

/* H = Hash(eight zeros || digest || salt) */
static void pss_hash(const struct vt_hash_alg *alg, const u8 *digest, const u8 *salt,
		     size_t salt_len, u8 *out)
{
	static const u8 zeros[8];
	struct vt_hash_ctx h;

	vt_hash_init(&h, alg);
	vt_hash_update(&h, zeros, sizeof(zeros));
	vt_hash_update(&h, digest, alg->digest_size);
	vt_hash_update(&h, salt, salt_len);
	vt_hash_final(&h, out);
}

int vt_pss_encode(const struct vt_hash_alg *alg, const u8 *digest, const u8 *salt, size_t salt_len,
		  u8 *em, size_t n_len)
{
	size_t h_len = alg->digest_size;
	size_t db_len;

	if (n_len < h_len + 2 || salt_len > n_len - h_len - 2)
		return -EINVAL;
	db_len = n_len - h_len - 1;
	memset(em, 0, db_len - salt_len - 1);
	em[db_len - salt_len - 1] = 1;
	memcpy(em + db_len - salt_len, salt, salt_len);
	pss_hash(alg, digest, salt, salt_len, em + db_len);
	vt_mgf1_xor(alg, em + db_len, h_len, em, db_len);
	em[0] &= 0x7f;
	em[n_len - 1] = 0xbc;
	return 0;
}

/* A signature is public, and so is the time its check takes. */
int vt_pss_verify(const struct vt_hash_alg *alg, const u8 *digest, const u8 *em, size_t n_len)
{
	size_t h_len = alg->digest_size;
	u8 hash[VT_MAX_DIGEST];
	size_t db_len, salt;
	int ret = -EBADMSG;
	u8 *db;

	if (n_len < h_len + 2)
		return -EINVAL;
	if (em[n_len - 1] != 0xbc || em[0] & 0x80)
		return -EBADMSG;
	db_len = n_len - h_len - 1;
	db = kmemdup(em, db_len, GFP_KERNEL_ACCOUNT);
	if (!db)
		return -ENOMEM;
	vt_mgf1_xor(alg, em + db_len, h_len, db, db_len);
	db[0] &= 0x7f;
	for (salt = 0; salt < db_len && !db[salt]; salt++)
		;
	if (salt < db_len && db[salt] == 1) {
		salt++;
		pss_hash(alg, digest, db + salt, db_len - salt, hash);
		if (!memcmp(hash, em + db_len, h_len))
			ret = 0;
	}
	kfree(db);
	return ret;
}

/* ---- encryption ---- */

int vt_oaep_encode(const struct vt_hash_alg *alg, const void *label, size_t label_len,
		   const u8 *msg, size_t msg_len, const struct vt_rng *rng, u8 *em, size_t n_len)
{
	size_t h_len = alg->digest_size;
	u8 *seed = em + 1, *db = seed + h_len;
	size_t db_len;

	if (n_len < 2 * h_len + 2 || msg_len > n_len - 2 * h_len - 2)
		return -EINVAL;
	db_len = n_len - h_len - 1;
	/* first, as @msg may be where the rest of the encoding goes */
	memmove(db + db_len - msg_len, msg, msg_len);
	em[0] = 0;
	vt_hash(alg, label, label_len, db);
	memset(db + h_len, 0, db_len - h_len - msg_len - 1);
	db[db_len - msg_len - 1] = 1;
	rng->fill(rng->ctx, seed, h_len);
	vt_mgf1_xor(alg, seed, h_len, db, db_len);
	vt_mgf1_xor(alg, db, db_len, seed, h_len);
	return 0;
}

/*
 * Hands out the end of @em, from @start on: all that is left to learn is whether
 * it was good, how long it is and, to the caller, what it says.
 */
static int release(u64 good, u64 start, const u8 *em, size_t n_len, u8 *msg, size_t *msg_len)
{
	good &= ~vt_ct_lt(*msg_len, n_len - start);
	if (!vt_ct_reveal(good))
		return -EBADMSG;
	VT_CT_PUBLIC(&start, sizeof(start));
	*msg_len = n_len - start;
	memcpy(msg, em + start, *msg_len);
	return 0;
}

int vt_oaep_decode(const struct vt_hash_alg *alg, const void *label, size_t label_len,
		   u8 *em, size_t n_len, u8 *msg, size_t *msg_len)
{
	size_t h_len = alg->digest_size;
	u8 *seed = em + 1, *db = seed + h_len;
	u8 expected[VT_MAX_DIGEST];
	u64 bad, found = 0, start = 0;
	size_t i, db_len;

	if (n_len < 2 * h_len + 2)
		return -EINVAL;
	db_len = n_len - h_len - 1;
	vt_mgf1_xor(alg, db, db_len, seed, h_len);
	vt_mgf1_xor(alg, seed, h_len, db, db_len);
	vt_hash(alg, label, label_len, expected);
	bad = em[0];
	for (i = 0; i < h_len; i++)
		bad |= db[i] ^ expected[i];
	/* The first byte that is not 0 after the label's hash must be 1. */
	for (i = h_len; i < db_len; i++) {
		u64 first = vt_ct_nonzero(db[i]) & ~found;

		bad |= first & (db[i] ^ 1);
		start = vt_ct_select(first, 1 + h_len + i + 1, start);
		found |= first;
	}
	return release(found & vt_ct_zero(bad), start, em, n_len, msg, msg_len);
}

/* A byte of padding must not be 0: such a byte is drawn again, alone. */
static void fill_nonzero(const struct vt_rng *rng, u8 *out, size_t len)
{
	size_t i;

	rng->fill(rng->ctx, out, len);
	for (i = 0; i < len; i++)
		while (!out[i])
			rng->fill(rng->ctx, out + i, 1);
}

int vt_rsaes_encode(const u8 *msg, size_t msg_len, const struct vt_rng *rng, u8 *em, size_t n_len)
{
	if (n_len < 11 || msg_len > n_len - 11)
		return -EINVAL;
	memmove(em + n_len - msg_len, msg, msg_len);
	em[0] = 0;
	em[1] = 2;
	fill_nonzero(rng, em + 2, n_len - msg_len - 3);
	em[n_len - msg_len - 1] = 0;
	return 0;
}

int vt_rsaes_decode(const u8 *em, size_t n_len, u8 *msg, size_t *msg_len)
{
	u64 bad, found = 0, start = 0;
	size_t i;

	if (n_len < 11)
		return -EINVAL;
	bad = em[0] | (em[1] ^ 2);
	for (i = 2; i < n_len; i++) {
		u64 first = vt_ct_zero(em[i]) & ~found;

		start = vt_ct_select(first, i + 1, start);
		found |= first;
	}
	/* at least eight bytes of padding */
	return release(found & vt_ct_zero(bad) & ~vt_ct_lt(start, 11), start, em, n_len,
		       msg, msg_len);
}
