// SPDX-License-Identifier: GPL-2.0-only
/*
 * A running hash in a form that any kernel understands: what FIPS 180-4 defines
 * and nothing of how it is computed. The ports convert theirs; whether they do it
 * right can be told from the hash itself.
 */
#include "crypto.h"

#define CHAIN_AT	sizeof(u64)
#define TAIL_AT		(CHAIN_AT + VT_MAX_DIGEST)

static struct vt_hash_form form_of(const struct vt_hash_alg *alg, u64 count, u8 *bytes)
{
	bool wide = alg->block_size == VT_MAX_BLOCK;

	return (struct vt_hash_form){
		.word = wide ? sizeof(u64) : sizeof(u32),
		/* SHA-384 is SHA-512 cut off at the end */
		.words = wide ? VT_MAX_DIGEST / sizeof(u64) : alg->digest_size / sizeof(u32),
		.count = count,
		.chain = bytes + CHAIN_AT,
		.tail = bytes + TAIL_AT,
		.waits = count % alg->block_size,
	};
}

struct vt_hash_form vt_hash_form_new(const struct vt_hash_alg *alg, u64 count, u8 *out)
{
	memset(out, 0, VT_HASH_EXPORT);
	put_unaligned_be64(count, out);
	return form_of(alg, count, out);
}

static bool zeros(const u8 *p, size_t len)
{
	return !memchr_inv(p, 0, len);
}

int vt_hash_form_read(const struct vt_hash_alg *alg, const u8 *in, struct vt_hash_form *f)
{
	unsigned int used;

	*f = form_of(alg, get_unaligned_be64(in), (u8 *)in);
	used = f->word * f->words;
	if (!zeros(f->chain + used, VT_MAX_DIGEST - used) ||
	    !zeros(f->tail + f->waits, VT_MAX_BLOCK - f->waits))
		return -EINVAL;
	return 0;
}

void vt_hash_put_word(const struct vt_hash_form *f, unsigned int i, u64 word)
{
	if (f->word == sizeof(u64))
		put_unaligned_be64(word, f->chain + i * sizeof(u64));
	else
		put_unaligned_be32(word, f->chain + i * sizeof(u32));
}

u64 vt_hash_get_word(const struct vt_hash_form *f, unsigned int i)
{
	if (f->word == sizeof(u64))
		return get_unaligned_be64(f->chain + i * sizeof(u64));
	return get_unaligned_be32(f->chain + i * sizeof(u32));
}

/* ---- the known answer ---- */

#define REST	13	/* bytes after the block */

/*
 * One block that is a message with its padding: the hash value after it is the
 * message's digest, whatever the algorithm. Then some bytes that wait.
 */
static size_t padded(const struct vt_hash_alg *alg, u8 *block)
{
	size_t len = alg->block_size - 1 - alg->block_size / 8;
	size_t i;

	memset(block, 0, alg->block_size);
	for (i = 0; i < len; i++)
		block[i] = 1 + 7 * i;
	block[len] = 0x80;
	put_unaligned_be16(8 * len, block + alg->block_size - 2);
	memset(block + alg->block_size, 0x5a, REST);
	return len;
}

int vt_hash_check_export(const struct vt_hash_alg *alg)
{
	const size_t size = alg->block_size + REST;
	u8 block[VT_MAX_BLOCK + REST], digest[VT_MAX_DIGEST], resumed[VT_MAX_DIGEST];
	u8 state[VT_HASH_EXPORT];
	struct vt_hash_form f;
	struct vt_hash_ctx h;
	size_t len = padded(alg, block);
	int bad;

	vt_hash_init(&h, alg);
	vt_hash_update(&h, block, size);
	vt_hash_export(&h, state);
	vt_hash_final(&h, resumed);
	vt_hash(alg, block, len, digest);
	bad = vt_hash_form_read(alg, state, &f) || f.count != size ||
	      crypto_memneq(f.chain, digest, alg->digest_size) ||
	      crypto_memneq(f.tail, block + alg->block_size, REST);
	if (bad || vt_hash_import(&h, alg, state))
		return -EKEYREJECTED;
	vt_hash_update(&h, block, size);
	vt_hash_final(&h, resumed);
	vt_hash_init(&h, alg);
	vt_hash_update(&h, block, size);
	vt_hash_update(&h, block, size);
	vt_hash_final(&h, digest);
	return crypto_memneq(digest, resumed, alg->digest_size) ? -EKEYREJECTED : 0;
}
