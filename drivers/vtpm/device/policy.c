// SPDX-License-Identifier: GPL-2.0-only
/*
 * Another policy for a living instance: taken as the policy in force says, and written
 * down by the kernel's audit, whether it was taken or not.
 */

#include <linux/audit.h>

#include "../crypto/crypto.h"
#include "../policy/policy.h"
#include "../property/p7.h"
#include "../property/property.h"
#include "../vtpm.h"

#define VTPM_POLICY_DIGEST	32	/* SHA-256 */

/**
 * struct vtpm_swap - a change of policy under way
 * @v: the instance
 * @text: the new policy's text
 * @len: its bytes
 * @message: in which it came signed; NULL: it did not
 * @rule: of the policy in force when it was asked
 * @changes: how many changes there had been by then
 * @before: SHA-256 of that policy's text
 * @by: who signed the new one; "" for nobody
 */
struct vtpm_swap {
	struct vtpm *v;
	const char *text;
	size_t len;
	const struct vtpm_p7 *message;
	struct vtpm_update rule;
	u32 changes;
	u8 before[VTPM_POLICY_DIGEST];
	char by[VTPM_NAME_MAX + 1];
};

static void vtpm_digest_of(const char *text, size_t len, u8 digest[VTPM_POLICY_DIGEST])
{
	vt_hash(vt_hash_by_name("sha256", 6), (const u8 *)text, len, digest);
}

/* What holds now. The locks of trusted parties are not for under the instance's. */
static int vtpm_swap_begin(struct vtpm_swap *s)
{
	const struct vtpm_policy *policy;
	const char *text;
	size_t len;
	int ret = vtpm_lock_live(s->v);

	if (ret)
		return ret;
	policy = vtpm_matrix_policy(s->v->matrix);
	s->rule = policy->update;
	s->changes = vtpm_matrix_identity(s->v->matrix)->policy_changes;
	text = vtpm_policy_text(policy, &len);
	vtpm_digest_of(text, len, s->before);
	mutex_unlock(&s->v->lock);
	return 0;
}

/* -EBUSY: another one was quicker, and its rule counts. */
static int vtpm_swap_in(struct vtpm_swap *s, struct vtpm_policy *policy,
			struct vtpm_text_error *err)
{
	int ret = vtpm_lock_live(s->v);

	if (ret)
		return ret;
	if (s->changes != vtpm_matrix_identity(s->v->matrix)->policy_changes)
		ret = -EBUSY;
	if (!ret)
		ret = vtpm_matrix_set_policy(s->v->matrix, policy, err);
	mutex_unlock(&s->v->lock);
	return ret;
}

/* The text is read before the lock is taken: a long one holds up no command. */
static int vtpm_swap(struct vtpm_swap *s, struct vtpm_text_error *err)
{
	struct vtpm_policy *policy;
	int ret;

	ret = vtpm_update_check(&s->rule, s->message, s->by, err);
	if (!ret)
		ret = vtpm_policy_parse(s->text, s->len, &s->v->mem, &policy, err);
	if (ret)
		return ret;
	ret = vtpm_update_order(&s->rule, policy, err);
	if (!ret)
		ret = vtpm_swap_in(s, policy, err);
	if (ret)
		vtpm_policy_free(&s->v->mem, policy);
	return ret;
}

/* AUDIT_KERNEL_OTHER is the kernel's type for modules that it does not bring with it. */
static void vtpm_swap_audit(const struct vtpm_swap *s, int ret)
{
	u8 after[VTPM_POLICY_DIGEST];

	vtpm_digest_of(s->text, s->len, after);
	audit_log(audit_context(), GFP_KERNEL, AUDIT_KERNEL_OTHER,
		  "module=vtpm op=policy-set instance=%u name=\"%s\" before=sha256:%*phN after=sha256:%*phN changes=%u signed-by=\"%s\" auid=%u ses=%u uid=%u errno=%d res=%d",
		  s->v->number, s->v->name, VTPM_POLICY_DIGEST, s->before, VTPM_POLICY_DIGEST,
		  after, s->changes + !ret, s->by,
		  from_kuid(&init_user_ns, audit_get_loginuid(current)),
		  audit_get_sessionid(current), from_kuid(&init_user_ns, current_uid()), ret,
		  !ret);
}

/* Takes a signed message apart. @p7 for vtpm_p7_free() on success. */
static int vtpm_open_signed(const void *message, size_t len, struct vtpm_p7 *p7,
			    struct vtpm_text_error *err)
{
	int ret = vtpm_p7_split(message, len, p7, err);

	if (ret || p7->content_len <= VTPM_MAX_POLICY)
		return ret;
	vtpm_p7_free(p7);
	return -E2BIG;
}

static int vtpm_set_policy_text(struct vtpm_swap *s, struct vtpm_text_error *err)
{
	int ret = vtpm_swap_begin(s);

	if (ret)
		return ret;
	ret = vtpm_swap(s, err);
	vtpm_swap_audit(s, ret);
	return ret;
}

/**
 * vtpm_set_policy() - another policy for an instance
 * @v: the instance
 * @text: the policy's text
 * @len: its bytes
 * @err: with -EINVAL, -EACCES and -EBADMSG: what is wrong
 *
 * Return: 0; -EINVAL; -EACCES: the policy in force forbids it; -EBUSY: another one has come
 * meanwhile; -ENOMEM, -EINTR, -ENODEV: nothing has changed.
 */
int vtpm_set_policy(struct vtpm *v, const char *text, size_t len, struct vtpm_text_error *err)
{
	struct vtpm_swap s = { .v = v, .text = text, .len = len };

	return vtpm_set_policy_text(&s, err);
}

/**
 * vtpm_set_signed_policy() - the same with a text that somebody has signed
 * @v: the instance
 * @message: DER PKCS#7 SignedData with the text in it
 * @len: its bytes
 * @err: as above
 *
 * Return: as above; -ENOKEY: nobody who will do has signed it; -EKEYREJECTED; -EBADMSG: no
 * such message; -E2BIG; -ENOPKG.
 */
int vtpm_set_signed_policy(struct vtpm *v, const void *message, size_t len,
			   struct vtpm_text_error *err)
{
	struct vtpm_p7 p7;
	struct vtpm_swap s = { .v = v, .message = &p7 };
	int ret = vtpm_open_signed(message, len, &p7, err);

	if (ret)
		return ret;
	s.text = (const char *)p7.content;
	s.len = p7.content_len;
	ret = vtpm_set_policy_text(&s, err);
	vtpm_p7_free(&p7);
	return ret;
}

static int vtpm_check_text(const char *text, size_t len, struct vtpm_text_error *err)
{
	struct vtpm_policy *policy;
	int ret = vtpm_policy_parse(text, len, NULL, &policy, err);

	if (!ret)
		vtpm_policy_free(NULL, policy);
	return ret;
}

/* Is it a policy, and with @is_signed, has anybody signed it who is trusted? */
int vtpm_check_policy(const void *data, size_t len, bool is_signed, struct vtpm_text_error *err)
{
	const struct vtpm_update anybody = { .by = VTPM_UPDATE_ADMIN };
	char by[VTPM_NAME_MAX + 1];
	struct vtpm_p7 p7;
	int ret;

	if (!is_signed)
		return vtpm_check_text(data, len, err);
	ret = vtpm_open_signed(data, len, &p7, err);
	if (ret)
		return ret;
	ret = vtpm_update_check(&anybody, &p7, by, err);
	if (!ret)
		ret = vtpm_check_text((const char *)p7.content, p7.content_len, err);
	vtpm_p7_free(&p7);
	return ret;
}
