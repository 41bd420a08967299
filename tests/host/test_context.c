// SPDX-License-Identifier: GPL-2.0-only
/* Contexts, persistent objects, external keys, and what a slot must not inherit. */
#define _GNU_SOURCE	/* memmem() */
#include "object_support.h"

#include <pthread.h>

static struct host_tpm tpm;

static void check_left(void)
{
	EXPECT_EQ(host_tpm_free(&tpm), 0);
}

static void begin(u32 *parent)
{
	host_tpm_new(&tpm, NULL);
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &storage_template, parent), 0);
}

/* ---- contexts ---- */

#define HEADER	(8 + 4 + 4 + 2)		/* of TPMS_CONTEXT, before the blob */

static u32 start(u8 type, u32 *session)
{
	return tpm_start_session(&tpm, type, TPM_ALG_SHA256, TPM_ALG_NULL, session);
}

static u32 save_in(struct tpm2_space *s, u32 handle, struct bytes *context)
{
	struct cmd c;
	u32 rc;

	cmd_begin_pw(&c, TPM_CC_ContextSave, 1, 0, handle);
	cmd_finish(&c);
	rc = host_tpm_run_in(&tpm, s, c.buf, c.len);
	if (rc)
		return rc;
	context->size = tpm.rsp_len - 10;
	memcpy(context->data, tpm.rsp + 10, context->size);
	return 0;
}

static u32 load_in(struct tpm2_space *s, const struct bytes *context, u32 *handle)
{
	struct cmd c;
	u32 rc;

	cmd_begin_pw(&c, TPM_CC_ContextLoad, 0, 0);
	cmd_bytes(&c, context->data, context->size);
	cmd_finish(&c);
	rc = host_tpm_run_in(&tpm, s, c.buf, c.len);
	if (!rc)
		rsp_params(&tpm, handle);
	return rc;
}

static u32 save(u32 handle, struct bytes *context)
{
	return save_in(tpm.space, handle, context);
}

static u32 restore(const struct bytes *context, u32 *handle)
{
	return load_in(tpm.space, context, handle);
}

static u32 flush_in(struct tpm2_space *s, u32 handle)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_FlushContext, 0, 0);
	cmd_u32(&c, handle);
	cmd_finish(&c);
	return host_tpm_run_in(&tpm, s, c.buf, c.len);
}

/* Is it refused, whatever bit of it changes? What the HMAC covers gives TPM_RC_INTEGRITY. */
static void every_bit(struct bytes *context)
{
	unsigned int bit;
	u32 handle, rc;

	for (bit = 0; bit < 8u * context->size; bit++) {
		unsigned int at = bit / 8;

		context->data[at] ^= 1 << bit % 8;
		rc = restore(context, &handle);
		context->data[at] ^= 1 << bit % 8;
		EXPECT(rc != 0);
		if (at < 8 || at >= HEADER + 2)
			EXPECT_EQ(rc, P(TPM_RC_INTEGRITY, 1));
	}
	/* another handle or hierarchy that is well-formed */
	put_unaligned_be32(get_unaligned_be32(context->data + 8) ^ 0x1, context->data + 8);
	EXPECT_EQ(restore(context, &handle), P(TPM_RC_INTEGRITY, 1));
	put_unaligned_be32(get_unaligned_be32(context->data + 8) ^ 0x1, context->data + 8);
	put_unaligned_be32(TPM_RH_PLATFORM, context->data + 12);
	EXPECT_EQ(restore(context, &handle), P(TPM_RC_INTEGRITY, 1));
}

static void t31_object_every_bit(void)
{
	struct bytes context;
	u32 parent;

	begin(&parent);
	EXPECT_EQ(save(parent, &context), 0);
	every_bit(&context);
	OK_SO_FAR();
	check_left();
}

static void t31_session_every_bit(void)
{
	struct bytes context;
	u32 session;

	host_tpm_new(&tpm, NULL);
	EXPECT_EQ(start(TPM_SE_POLICY, &session), 0);
	EXPECT_EQ(save(session, &context), 0);
	every_bit(&context);
	OK_SO_FAR();
	check_left();
}

static void context_cuts(void)
{
	struct bytes context, cut;
	u16 size, blob;
	u32 parent, handle, want;

	begin(&parent);
	EXPECT_EQ(save(parent, &context), 0);
	size = context.size - HEADER;
	for (blob = 0; blob < size; blob++) {
		cut = context;
		cut.size = HEADER + blob;
		put_unaligned_be16(blob, cut.data + HEADER - 2);
		want = blob < 66 ? RAW(TPM_RC_INSUFFICIENT) :
		       blob < 74 ? P(TPM_RC_SIZE, 1) : P(TPM_RC_INTEGRITY, 1);
		EXPECT_EQ(restore(&cut, &handle), want);
	}
	check_left();
}

static void objects_come_back(void)
{
	struct bytes private, public, context, twice, a, b, qa, qb, data;
	struct tpm2_space *other;
	u32 parent, sealed, again;

	begin(&parent);
	EXPECT_EQ(create(&tpm, parent, &seal_template, "pw", "secret", 6, &private, &public), 0);
	EXPECT_EQ(load(&tpm, parent, &private, &public, &sealed), 0);
	EXPECT_EQ(read_name(&tpm, sealed, &a, &qa), 0);
	EXPECT_EQ(save(sealed, &context), 0);
	EXPECT_EQ(get_unaligned_be32(context.data + 8), 0x80000000);
	EXPECT_EQ(get_unaligned_be32(context.data + 12), TPM_RH_OWNER);
	EXPECT(!memmem(context.data, context.size, "secret", 6));
	EXPECT_EQ(restore(&context, &again), 0);
	EXPECT(again != sealed);
	EXPECT_EQ(read_name(&tpm, again, &b, &qb), 0);
	EXPECT_EQ(a.size, b.size);
	EXPECT_MEM(a.data, b.data, a.size);
	EXPECT_EQ(qa.size, qb.size);
	EXPECT_MEM(qa.data, qb.data, qa.size);
	EXPECT_EQ(unseal(&tpm, again, "pw", &data), 0);
	EXPECT_MEM(data.data, "secret", 6);
	EXPECT(unseal(&tpm, again, "", NULL) != 0);
	/* as a resource manager does for each command */
	EXPECT_EQ(save(again, &twice), 0);
	EXPECT_EQ(twice.size, context.size);
	/* an object's context serves any number of times, in every space */
	other = tpm2_space_new(tpm.t);
	EXPECT_EQ(load_in(other, &context, &again), 0);
	EXPECT_EQ(again, HR_TRANSIENT);
	tpm2_space_free(other);
	tpm2_power_on(tpm.t);
	EXPECT_EQ(tpm2_startup(tpm.t), 0);
	EXPECT_EQ(restore(&context, &again), P(TPM_RC_INTEGRITY, 1));
	check_left();
}

static void st_clear_inherited(void)
{
	struct tmpl t = storage_template;
	struct bytes private, public, context;
	u32 parent, child;

	host_tpm_new(&tpm, NULL);
	t.attrs |= STC;
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &t, &parent), 0);
	EXPECT_EQ(create(&tpm, parent, &seal_template, "", "x", 1, &private, &public), 0);
	EXPECT_EQ(load(&tpm, parent, &private, &public, &child), 0);
	EXPECT_EQ(save(child, &context), 0);
	EXPECT_EQ(get_unaligned_be32(context.data + 8), 0x80000002);
	EXPECT_EQ(evict(&tpm, TPM_RH_OWNER, child, HR_PERSISTENT | 1), H(TPM_RC_ATTRIBUTES, 2));
	EXPECT_EQ(restore(&context, &child), 0);
	EXPECT_EQ(save(child, &context), 0);
	EXPECT_EQ(get_unaligned_be32(context.data + 8), 0x80000002);
	check_left();
}

static u32 sequence_start(u32 *handle)
{
	struct cmd c;
	u32 rc;

	cmd_begin_pw(&c, TPM_CC_HashSequenceStart, 0, 0);
	cmd_2b(&c, "pw", 2);
	cmd_u16(&c, TPM_ALG_SHA256);
	rc = cmd_run(&tpm, &c);
	if (!rc)
		rsp_params(&tpm, handle);
	return rc;
}

static u32 sequence_run(u32 code, u32 handle, const char *data, struct bytes *digest)
{
	struct cmd c;
	struct rsp r;
	u32 rc;

	cmd_start(&c, TPM_ST_SESSIONS, code);
	cmd_u32(&c, handle);
	cmd_auths(&c);
	cmd_password(&c, "pw");
	cmd_auths_end(&c);
	cmd_2b(&c, data, strlen(data));
	if (code == TPM_CC_SequenceComplete)
		cmd_u32(&c, TPM_RH_NULL);
	rc = cmd_run(&tpm, &c);
	if (rc || !digest)
		return rc;
	r = rsp_params(&tpm, NULL);
	copy_2b(&r, digest);
	return 0;
}

static void sequences_come_back(void)
{
	u8 want[32];
	struct bytes context, digest;
	u32 sequence;

	host_tpm_new(&tpm, NULL);
	EXPECT_EQ(sequence_start(&sequence), 0);
	EXPECT_EQ(sequence_run(TPM_CC_SequenceUpdate, sequence, "abc", NULL), 0);
	EXPECT_EQ(save(sequence, &context), 0);
	EXPECT_EQ(get_unaligned_be32(context.data + 8), 0x80000001);
	EXPECT_EQ(tpm_flush(&tpm, sequence), 0);
	EXPECT_EQ(restore(&context, &sequence), 0);
	EXPECT_EQ(sequence_run(TPM_CC_SequenceComplete, sequence, "def", &digest), 0);
	vt_hash(vt_hash_find(TPM_ALG_SHA256), "abcdef", 6, want);
	EXPECT_EQ(digest.size, 32);
	EXPECT_MEM(digest.data, want, 32);
	check_left();
}

static void sessions_load_once(void)
{
	struct bytes first, second;
	struct tpm2_space *other;
	u32 session, handle;

	host_tpm_new(&tpm, NULL);
	other = tpm2_space_new(tpm.t);
	EXPECT_EQ(tpm_start_session(&tpm, TPM_SE_HMAC, TPM_ALG_SHA256, TPM_ALG_AES, &session), 0);
	EXPECT_EQ(save(session, &first), 0);
	EXPECT_EQ(save(session, &second), RAW(TPM_RC_REFERENCE_H0));
	EXPECT_EQ(load_in(other, &first, &handle), 0);	/* into another space than it came from */
	EXPECT_EQ(handle, session);
	EXPECT_EQ(load_in(other, &first, &handle), P(TPM_RC_HANDLE, 1));
	EXPECT_EQ(save_in(other, session, &second), 0);
	EXPECT_EQ(restore(&first, &handle), P(TPM_RC_HANDLE, 1));
	EXPECT_EQ(restore(&second, &handle), 0);
	EXPECT_EQ(flush_in(other, session), P(TPM_RC_HANDLE, 1));	/* it is not loaded there */
	EXPECT_EQ(save(session, &second), 0);
	EXPECT_EQ(flush_in(other, session), 0);	/* saved: it may be ended from anywhere */
	EXPECT_EQ(restore(&second, &handle), P(TPM_RC_HANDLE, 1));
	EXPECT_EQ(start(TPM_SE_HMAC, &session), 0);
	EXPECT_EQ(save(session, &first), 0);
	tpm2_power_on(tpm.t);
	EXPECT_EQ(tpm2_startup(tpm.t), 0);
	EXPECT_EQ(restore(&first, &handle), P(TPM_RC_INTEGRITY, 1));
	tpm2_space_free(other);
	check_left();
}

/* Every field that a session has must survive: what is lost would loosen a policy. */
static void sessions_keep_all(void)
{
	struct tpm2_session before, *se;
	struct bytes context;
	u32 handle;

	host_tpm_new(&tpm, NULL);
	tpm.state_check = false;	/* nothing that a TPM does leads to all of this */
	EXPECT_EQ(tpm_start_session(&tpm, TPM_SE_POLICY, TPM_ALG_SHA256, TPM_ALG_AES, &handle), 0);
	se = tpm2_session_find(tpm.space, handle);
	EXPECT(se);
	se->bound = true;
	se->bound_da = true;
	se->bound_lockout = true;
	se->audit = true;
	se->auth_value_needed = true;
	se->password_needed = true;
	se->pp_required = true;
	se->nv_written_set = true;
	se->nv_written = true;
	se->pcr_checked = true;
	se->locality = 3;
	se->bind_what = BIND_NAME_HASH;
	memset(se->bind_id, 0x11, sizeof(se->bind_id));
	memset(se->policy, 0x22, sizeof(se->policy));
	memset(se->key.data, 0x33, 32);
	se->key.size = 32;
	memset(se->bind_hash.data, 0x44, 20);
	se->bind_hash.size = 20;
	se->command_code = 0x12345678;
	se->pcr_counter = 0x23456789;
	se->epoch = 0x3456789a;
	se->start = 0x456789abcdef0123;
	se->timeout = 0x56789abcdef01234;
	before = *se;
	EXPECT_EQ(save(handle, &context), 0);
	se = tpm2_session_find_saved(tpm.t, handle);
	EXPECT(se);
	EXPECT_EQ(se->key.size, 0);	/* what is out is not kept */
	EXPECT_EQ(restore(&context, &handle), 0);
	se = tpm2_session_find(tpm.space, handle);
	EXPECT(se);
	before.link = se->link;
	EXPECT_MEM(&before, se, sizeof(before));
	check_left();
}

static void saved_sessions_limit(void)
{
	struct bytes context;
	u32 session;
	int i;

	host_tpm_new(&tpm, NULL);
	for (i = 0; i < TPM2_MAX_SAVED_SESSIONS; i++) {
		EXPECT_EQ(start(TPM_SE_HMAC, &session), 0);
		EXPECT_EQ(save(session, &context), 0);
	}
	EXPECT_EQ(start(TPM_SE_HMAC, &session), 0);
	EXPECT_EQ(save(session, &context), RAW(TPM_RC_TOO_MANY_CONTEXTS));
	EXPECT_EQ(flush_in(tpm.space, session), 0);	/* it is still loaded */
	EXPECT_EQ(flush_in(tpm.space, HR_POLICY_SESSION), 0);	/* by number, whatever its type */
	EXPECT_EQ(flush_in(tpm.space, HR_HMAC_SESSION), P(TPM_RC_HANDLE, 1));
	check_left();
}

/* ---- persistent objects ---- */

#define OWNER_HANDLE	(HR_PERSISTENT | 0x10)
#define PLATFORM_HANDLE	(HR_PLATFORM_PERSISTENT | 0x10)

static void evict_rules(void)
{
	u32 owner, endorsement, platform, null;

	begin(&owner);
	EXPECT_EQ(primary(&tpm, TPM_RH_ENDORSEMENT, &storage_template, &endorsement), 0);
	EXPECT_EQ(primary(&tpm, TPM_RH_PLATFORM, &storage_template, &platform), 0);
	EXPECT_EQ(primary(&tpm, TPM_RH_NULL, &storage_template, &null), 0);
	EXPECT_EQ(evict(&tpm, TPM_RH_OWNER, owner, PLATFORM_HANDLE), P(TPM_RC_RANGE, 1));
	EXPECT_EQ(evict(&tpm, TPM_RH_OWNER, owner, HR_TRANSIENT), P(TPM_RC_VALUE, 1));
	EXPECT_EQ(evict(&tpm, TPM_RH_PLATFORM, owner, PLATFORM_HANDLE), H(TPM_RC_HIERARCHY, 2));
	EXPECT_EQ(evict(&tpm, TPM_RH_ENDORSEMENT, owner, OWNER_HANDLE), H(TPM_RC_VALUE, 1));
	EXPECT_EQ(evict(&tpm, TPM_RH_OWNER, platform, OWNER_HANDLE), H(TPM_RC_HIERARCHY, 2));
	EXPECT_EQ(evict(&tpm, TPM_RH_PLATFORM, platform, OWNER_HANDLE), P(TPM_RC_RANGE, 1));
	EXPECT_EQ(evict(&tpm, TPM_RH_OWNER, null, OWNER_HANDLE), H(TPM_RC_ATTRIBUTES, 2));
	EXPECT_EQ(evict(&tpm, TPM_RH_OWNER, owner, OWNER_HANDLE), 0);
	EXPECT_EQ(evict(&tpm, TPM_RH_OWNER, owner, OWNER_HANDLE), RAW(TPM_RC_NV_DEFINED));
	EXPECT_EQ(evict(&tpm, TPM_RH_OWNER, OWNER_HANDLE, OWNER_HANDLE + 1), H(TPM_RC_HANDLE, 2));
	EXPECT_EQ(evict(&tpm, TPM_RH_OWNER, endorsement, OWNER_HANDLE + 1), 0);
	EXPECT_EQ(evict(&tpm, TPM_RH_PLATFORM, platform, PLATFORM_HANDLE), 0);
	EXPECT_EQ(evict(&tpm, TPM_RH_OWNER, PLATFORM_HANDLE, PLATFORM_HANDLE),
		  H(TPM_RC_HIERARCHY, 2));
	EXPECT_EQ(evict(&tpm, TPM_RH_PLATFORM, OWNER_HANDLE, OWNER_HANDLE), 0);
	EXPECT_EQ(evict(&tpm, TPM_RH_PLATFORM, PLATFORM_HANDLE, PLATFORM_HANDLE), 0);
	EXPECT_EQ(evict(&tpm, TPM_RH_OWNER, OWNER_HANDLE, OWNER_HANDLE), H(TPM_RC_HANDLE, 2));
	check_left();
}

static void persistent_is_shared(void)
{
	struct bytes private, public, name, qualified, before, before_q;
	struct tpm2_space *own = tpm.space;
	u32 parent, handle;

	begin(&parent);
	own = tpm.space;
	EXPECT_EQ(read_name(&tpm, parent, &before, &before_q), 0);
	EXPECT_EQ(evict(&tpm, TPM_RH_OWNER, parent, OWNER_HANDLE), 0);
	tpm.space = tpm2_space_new(tpm.t);
	EXPECT_EQ(read_name(&tpm, parent, &name, &qualified), RAW(TPM_RC_REFERENCE_H0));
	EXPECT_EQ(read_name(&tpm, OWNER_HANDLE, &name, &qualified), 0);
	EXPECT_MEM(name.data, before.data, before.size);
	EXPECT_MEM(qualified.data, before_q.data, before_q.size);
	EXPECT_EQ(create(&tpm, OWNER_HANDLE, &seal_template, "", "x", 1, &private, &public), 0);
	tpm2_space_free(own);
	tpm2_power_on(tpm.t);
	EXPECT_EQ(tpm2_startup(tpm.t), 0);
	EXPECT_EQ(load(&tpm, OWNER_HANDLE, &private, &public, &handle), 0);
	check_left();
}

static struct tpm2_space *second;

static void evict_meanwhile(struct host_tpm *h)
{
	struct cmd c;
	u8 rsp[VTPM_MAX_COMMAND];

	h->in_heavy = NULL;
	cmd_begin_pw(&c, TPM_CC_EvictControl, 2, 1, TPM_RH_OWNER, OWNER_HANDLE);
	cmd_u32(&c, OWNER_HANDLE);
	cmd_finish(&c);
	mutex_lock(&h->lock);
	tpm2_execute(second, 0, c.buf, c.len, rsp);
	mutex_unlock(&h->lock);
}

/* A command goes on with the object that another space has evicted meanwhile. */
static void evicted_while_used(void)
{
	struct bytes private, public, name, qualified;
	u32 parent;

	begin(&parent);
	second = tpm2_space_new(tpm.t);
	EXPECT_EQ(evict(&tpm, TPM_RH_OWNER, parent, OWNER_HANDLE), 0);
	tpm.in_heavy = evict_meanwhile;
	EXPECT_EQ(create(&tpm, OWNER_HANDLE, &sign_template, "", NULL, 0, &private, &public), 0);
	EXPECT_EQ(read_name(&tpm, OWNER_HANDLE, &name, &qualified), H(TPM_RC_HANDLE, 1));
	EXPECT_EQ(load(&tpm, parent, &private, &public, &parent), 0);
	tpm2_space_free(second);
	check_left();
}

/* ---- one key, several openers at a time ---- */

#define OPENERS	4

static pthread_barrier_t together;

static void *sign_once(void *space)
{
	static const u8 digest[32] = { 1 };
	u8 rsp[VTPM_MAX_COMMAND];
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_Sign, 1, 1, OWNER_HANDLE);
	cmd_2b(&c, digest, sizeof(digest));
	cmd_u16(&c, TPM_ALG_NULL);
	cmd_u16(&c, TPM_ST_HASHCHECK);
	cmd_u32(&c, TPM_RH_NULL);
	cmd_u16(&c, 0);
	cmd_finish(&c);
	pthread_barrier_wait(&together);
	mutex_lock(&tpm.lock);
	tpm2_execute(space, 0, c.buf, c.len, rsp);
	mutex_unlock(&tpm.lock);
	return (void *)(uintptr_t)get_unaligned_be32(rsp + 6);
}

static void sign_together(struct tpm2_space *const *spaces)
{
	pthread_t threads[OPENERS];
	void *rc[OPENERS];
	int i;

	for (i = 0; i < OPENERS; i++)
		pthread_create(&threads[i], NULL, sign_once, spaces[i]);
	for (i = 0; i < OPENERS; i++)
		pthread_join(threads[i], &rc[i]);
	for (i = 0; i < OPENERS; i++)
		EXPECT_EQ((uintptr_t)rc[i], 0);
}

/* Whoever opens the key first: all can use it, and it is opened for all or freed. */
static void key_opened_together(void)
{
	struct tpm2_space *spaces[OPENERS];
	int i, round;
	u32 key;

	host_tpm_new(&tpm, NULL);
	pthread_barrier_init(&together, NULL, OPENERS);
	for (i = 0; i < OPENERS; i++)
		spaces[i] = tpm2_space_new(tpm.t);
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &sign_template, &key), 0);
	for (round = 0; round < 20; round++) {
		EXPECT_EQ(evict(&tpm, TPM_RH_OWNER, key, OWNER_HANDLE), 0);
		sign_together(spaces);
		OK_SO_FAR();
		EXPECT_EQ(evict(&tpm, TPM_RH_OWNER, OWNER_HANDLE, OWNER_HANDLE), 0);
	}
	for (i = 0; i < OPENERS; i++)
		tpm2_space_free(spaces[i]);
	pthread_barrier_destroy(&together);
	check_left();
}

static void persistent_limit(void)
{
	u32 parent;
	int i;

	begin(&parent);
	for (i = 0; i < TPM2_MAX_PERSISTENT; i++)
		EXPECT_EQ(evict(&tpm, TPM_RH_OWNER, parent, OWNER_HANDLE + i), 0);
	EXPECT_EQ(evict(&tpm, TPM_RH_OWNER, parent, OWNER_HANDLE), RAW(TPM_RC_NV_DEFINED));
	EXPECT_EQ(evict(&tpm, TPM_RH_OWNER, parent, OWNER_HANDLE + i), RAW(TPM_RC_NV_SPACE));
	EXPECT_EQ(evict(&tpm, TPM_RH_OWNER, OWNER_HANDLE + 3, OWNER_HANDLE + 3), 0);
	EXPECT_EQ(evict(&tpm, TPM_RH_OWNER, parent, OWNER_HANDLE + i), 0);
	check_left();
}

/* ---- external keys ---- */

static const u8 scalar[32] = { [28] = 0x01, 0x23, 0x45, 0x67 };
static u8 point_x[32], point_y[32];

static void make_point(void)
{
	const struct vt_curve *p256 = vt_curve_find(TPM_ECC_NIST_P256);

	EXPECT_EQ(vt_ecc_make_public(p256, scalar, point_x, point_y), 0);
}

static u32 external(u32 attrs, const u8 *x, u16 x_len, const u8 *y, const u8 *d, u16 d_len,
		    u32 hierarchy, u32 *handle)
{
	struct tmpl t = { TPM_ALG_ECC, attrs };
	struct cmd c;
	u32 at, rc;

	cmd_begin_pw(&c, TPM_CC_LoadExternal, 0, 0);
	at = c.len;
	cmd_u16(&c, 0);
	if (d) {
		cmd_u16(&c, TPM_ALG_ECC);
		cmd_2b(&c, "auth", 4);
		cmd_2b(&c, NULL, 0);
		cmd_2b(&c, d, d_len);
	}
	put_size(&c, at);
	at = c.len;
	cmd_u16(&c, 0);
	put_public_head(&c, &t);
	cmd_2b(&c, x, x_len);
	cmd_2b(&c, y, 32);
	put_size(&c, at);
	cmd_u32(&c, hierarchy);
	rc = cmd_run(&tpm, &c);
	if (!rc)
		rsp_params(&tpm, handle);
	return rc;
}

static u32 external_public(const u8 *x, u16 x_len, const u8 *y)
{
	u32 handle;

	return external(S, x, x_len, y, NULL, 0, TPM_RH_OWNER, &handle);
}

static void t23_external_points(void)
{
	u8 bad[33] = { 0 };
	u32 handle;

	host_tpm_new(&tpm, NULL);
	make_point();
	EXPECT_EQ(external_public(point_x, 32, point_y), 0);
	EXPECT_EQ(external_public(point_x, 32, point_x), P(TPM_RC_ECC_POINT, 2));
	EXPECT_EQ(external_public(bad, 32, bad), P(TPM_RC_ECC_POINT, 2));
	EXPECT_EQ(external_public(point_x, 31, point_y), P(TPM_RC_KEY, 2));
	EXPECT_EQ(external_public(bad, 33, point_y), P(TPM_RC_KEY, 2));
	EXPECT_EQ(external_public(bad, 0, point_y), P(TPM_RC_KEY, 2));
	EXPECT_EQ(external(S, point_x, 32, point_x, scalar, 32, TPM_RH_NULL, &handle),
		  RAW(TPM_RC_BINDING));
	check_left();
}

static void external_privates(void)
{
	static const u8 zero[32];
	u8 ones[32], other[32] = { [31] = 5 };
	u32 handle;

	host_tpm_new(&tpm, NULL);
	make_point();
	memset(ones, 0xff, sizeof(ones));
	EXPECT_EQ(external(S, point_x, 32, point_y, scalar, 32, TPM_RH_NULL, &handle), 0);
	EXPECT_EQ(evict(&tpm, TPM_RH_OWNER, handle, OWNER_HANDLE), H(TPM_RC_ATTRIBUTES, 2));
	EXPECT_EQ(external(S, point_x, 32, point_y, scalar + 28, 4, TPM_RH_NULL, &handle), 0);
	EXPECT_EQ(external(S, point_x, 32, point_y, scalar, 32, TPM_RH_OWNER, &handle),
		  P(TPM_RC_HIERARCHY, 3));
	EXPECT_EQ(external(S | FP, point_x, 32, point_y, scalar, 32, TPM_RH_NULL, &handle),
		  P(TPM_RC_ATTRIBUTES, 2));
	EXPECT_EQ(external(S | R, point_x, 32, point_y, scalar, 32, TPM_RH_NULL, &handle),
		  P(TPM_RC_ATTRIBUTES, 2));
	EXPECT_EQ(external(S, point_x, 32, point_y, other, 32, TPM_RH_NULL, &handle),
		  RAW(TPM_RC_BINDING));
	EXPECT_EQ(external(S, point_x, 32, point_y, zero, 32, TPM_RH_NULL, &handle),
		  RAW(TPM_RC_KEY_SIZE));
	EXPECT_EQ(external(S, point_x, 32, point_y, ones, 32, TPM_RH_NULL, &handle),
		  RAW(TPM_RC_KEY_SIZE));
	check_left();
}

/* ---- what a slot must not inherit ---- */

static const u8 canary[16] = "CVE-2026-6726 #!";

/* Every command in the table with @handle in all places; none may give the canary. */
static void all_commands(u32 handle)
{
	static const u8 zeros[64];
	const struct tpm2_cmd *cmd;
	unsigned int i, j, n;
	struct cmd c;

	for (i = 0; (cmd = tpm2_cmd_at(i)); i++) {
		if (cmd->code == TPM_CC_FlushContext || cmd->code == TPM_CC_Clear)
			continue;
		for (n = 0, j = 0; j < cmd->n_handles; j++)
			n += cmd->roles[j] != ROLE_NONE;
		cmd_begin_pw(&c, cmd->code, cmd->n_handles, n, handle, handle, handle);
		cmd_bytes(&c, zeros, sizeof(zeros));
		cmd_run(&tpm, &c);
		if (memmem(tpm.rsp, tpm.rsp_len, canary, sizeof(canary)))
			test_fail(__FILE__, __LINE__, "%s gave the canary", cmd->name);
		OK_SO_FAR();
	}
}

static void t13_nothing_inherited(void)
{
	struct bytes private, public;
	u32 parent, sealed, handle;
	struct tpm2_object *o;
	struct cmd c;

	begin(&parent);
	make_point();
	EXPECT_EQ(create(&tpm, parent, &seal_template, "", canary, 16, &private, &public), 0);
	EXPECT_EQ(load(&tpm, parent, &private, &public, &sealed), 0);
	EXPECT_EQ(tpm_flush(&tpm, sealed), 0);
	EXPECT_EQ(external(S, point_x, 32, point_y, NULL, 0, TPM_RH_NULL, &handle), 0);
	EXPECT_EQ(handle, sealed);
	o = tpm2_object_find(tpm.space, handle);
	EXPECT(!memmem(o, sizeof(*o) + o->bytes, canary, sizeof(canary)));
	EXPECT_EQ(o->sens.data.size, 0);
	EXPECT_EQ(unseal(&tpm, handle, "", NULL) & 0xfff, RAW(TPM_RC_AUTH_UNAVAILABLE));
	cmd_begin_pw(&c, TPM_CC_Sign, 1, 1, handle);
	cmd_2b(&c, canary, 16);
	EXPECT(cmd_run(&tpm, &c) != 0);
	all_commands(handle);
	OK_SO_FAR();
	check_left();
}

static const struct test_case cases[] = {
	{ "T31_object_every_bit", t31_object_every_bit },
	{ "T31_session_every_bit", t31_session_every_bit },
	{ "context_cuts", context_cuts },
	{ "objects_come_back", objects_come_back },
	{ "st_clear_inherited", st_clear_inherited },
	{ "sequences_come_back", sequences_come_back },
	{ "sessions_load_once", sessions_load_once },
	{ "sessions_keep_all", sessions_keep_all },
	{ "saved_sessions_limit", saved_sessions_limit },
	{ "evict_rules", evict_rules },
	{ "persistent_is_shared", persistent_is_shared },
	{ "evicted_while_used", evicted_while_used },
	{ "key_opened_together", key_opened_together },
	{ "persistent_limit", persistent_limit },
	{ "T23_external_points", t23_external_points },
	{ "external_privates", external_privates },
	{ "T13_nothing_inherited", t13_nothing_inherited },
};

TEST_MAIN("context", cases)
