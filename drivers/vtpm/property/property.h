/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * PropertyManagement: the matrix of virtual PCRs of one instance, the registry
 * of property providers, and the filter between the two and the TPM.
 *
 * Locking: the instance's lock is held around every call that takes a struct
 * vtpm_matrix. The registry and the store of certs.h have locks of their own,
 * which are taken inside it.
 */
#ifndef VTPM_PROPERTY_H
#define VTPM_PROPERTY_H

#include "../env.h"
#include "../limits.h"
#include "log.h"
#include "../policy/policy.h"
#include "../tpm2/desc.h"
#include "../tpm2/tpm2.h"
#include "log.h"
#include <linux/vtpm.h>
#include <uapi/linux/vtpm.h>

struct vt_hash_alg;
struct vtpm_matrix;

/* ---- the room ---- */

/* Registers the providers that come with the module. -ENOMEM. */
int vtpm_property_init(void);
/* Every policy and matrix has to be gone; empties the store of certs.h too. */
void vtpm_property_exit(void);

/* ---- matrix.c ---- */

/**
 * vtpm_matrix_new() - the vPCRs of a new instance, all zero, then initialised
 * @policy: which providers and banks; the matrix owns it on success
 * @mem: the instance's memory counter; may be NULL
 * @m: the result; unchanged on failure
 * @err: written on -EINVAL only; may be NULL
 *
 * Return: 0; -EINVAL: a provider does not take the value of one of its options;
 * -ENOMEM.
 */
int vtpm_matrix_new(struct vtpm_policy *policy, struct vt_mem *mem, struct vtpm_matrix **m,
		    struct vtpm_text_error *err);
/* Wipes and frees, the policy too. NULL is fine. */
void vtpm_matrix_free(struct vtpm_matrix *m);

/**
 * vtpm_matrix_set_policy() - another policy for a living instance
 * @m: the matrix
 * @policy: the matrix owns it on success, and frees the one before
 * @err: written on -EINVAL only; may be NULL
 *
 * The policy has to name the very providers and options of the instance: a new
 * one would have missed the measurements made so far, and an old one would lose
 * them. The order of providers does not matter. Its banks are those that the
 * instance may have, or those that are active now.
 *
 * Return: 0, -EINVAL. Nothing changes on failure.
 */
int vtpm_matrix_set_policy(struct vtpm_matrix *m, struct vtpm_policy *policy,
			   struct vtpm_text_error *err);
const struct vtpm_policy *vtpm_matrix_policy(const struct vtpm_matrix *m);

/* Does the policy need the host's PCRs: has it a provider that maps them, or says so? */
bool vtpm_matrix_wants_host(const struct vtpm_matrix *m);

/**
 * vtpm_matrix_set_host() - let the providers map the host's PCRs
 * @m: the matrix
 * @host: copied; NULL when there is no host TPM
 *
 * Comes before TPM2_Startup, at creation and at each power cycle: that puts what the
 * providers have made of @host in place. A new matrix has no host TPM.
 * Return: 0, or -ENOMEM; nothing changes on failure.
 */
int vtpm_matrix_set_host(struct vtpm_matrix *m, const struct vtpm_host *host);
/* As it was set; NULL: there is none, or nobody wanted it. */
const struct vtpm_host *vtpm_matrix_host(const struct vtpm_matrix *m);

/* The way of the TPM engine to PCRs; pcrs is a struct vtpm_matrix. */
extern const struct tpm2_pcr_ops vtpm_matrix_pcr_ops;

/* The admin's view: every provider's values, whatever the policy hides. */
unsigned int vtpm_matrix_providers(const struct vtpm_matrix *m);
const char *vtpm_matrix_provider_name(const struct vtpm_matrix *m, unsigned int provider);
/* Bit i: the bank of vt_hash_algs[i] is active. */
u32 vtpm_matrix_banks(const struct vtpm_matrix *m);
/* -EINVAL: no such provider, bank or PCR; -ENODATA: the bank was allocated without the PCR. */
int vtpm_matrix_peek(const struct vtpm_matrix *m, unsigned int provider, u16 alg,
		     unsigned int pcr, u8 *digest);
/* The measurement log, or what is there of it from @off on: see vtpm_log_read(). */
size_t vtpm_matrix_measurements(const struct vtpm_matrix *m, enum vtpm_log_form form, u64 off,
				u8 *buf, size_t count);

/* What the provider has to say in words, if it has: see struct vtpm_provider. */
bool vtpm_matrix_has_list(const struct vtpm_matrix *m, unsigned int provider);
size_t vtpm_matrix_list(const struct vtpm_matrix *m, unsigned int provider, u64 off, char *buf,
			size_t room);

/*
 * As part of the instance's state: first which PCRs each bank has (-EINVAL: the policy does
 * not allow one; -EBADMSG; -ENOMEM), then the values. Reading those takes what the state has
 * of the very banks, providers and options of the matrix: -EINVAL: it has others; -EBADMSG.
 */
void vtpm_matrix_write_banks(const struct vtpm_matrix *m, struct tpm2_writer *w);
int vtpm_matrix_read_banks(struct vtpm_matrix *m, struct tpm2_reader *r,
			   struct vtpm_text_error *err);
void vtpm_matrix_write(const struct vtpm_matrix *m, struct tpm2_writer *w);
int vtpm_matrix_read(struct vtpm_matrix *m, struct tpm2_reader *r, struct vtpm_text_error *err);
/*
 * What the policy's @provider keeps besides its vPCRs, if it does. Reading is for each of
 * them in any order, behind the values, which it has to fit; @seen has a bit for each.
 * -EBADMSG; -ENOMEM.
 */
bool vtpm_matrix_keeps(const struct vtpm_matrix *m, unsigned int provider);
void vtpm_matrix_write_kept(const struct vtpm_matrix *m, unsigned int provider,
			    struct tpm2_writer *w);
int vtpm_matrix_read_kept(struct vtpm_matrix *m, struct tpm2_reader *r, u32 *seen,
			  struct vtpm_text_error *err);
bool vtpm_matrix_all_kept(const struct vtpm_matrix *m, u32 seen);
/* The log comes behind the values; a state that has none leaves it unknown. See log.h. */
void vtpm_matrix_write_log(const struct vtpm_matrix *m, struct tpm2_writer *w);
int vtpm_matrix_read_log(struct vtpm_matrix *m, struct tpm2_reader *r);
void vtpm_matrix_no_log(struct vtpm_matrix *m);
/* The policy goes back to its owner; only vtpm_matrix_free() may follow. */
void vtpm_matrix_disown_policy(struct vtpm_matrix *m);
/* Takes policy and values over from a matrix of the same providers and banks, and frees it. */
void vtpm_matrix_adopt(struct vtpm_matrix *m, struct vtpm_matrix *from);

/* ---- identity.c: who an instance is, for its users and for those who verify ---- */

/**
 * struct vtpm_identity - what is the instance's own, and part of its state
 * @uuid: random, of version 4; made with the matrix
 * @policy_changes: policies set since creation
 */
struct vtpm_identity {
	u8 uuid[16];
	u32 policy_changes;
};

void vtpm_identity_new(struct vtpm_identity *id);
const struct vtpm_identity *vtpm_matrix_identity(const struct vtpm_matrix *m);
void vtpm_matrix_set_identity(struct vtpm_matrix *m, const struct vtpm_identity *id);
/* SHA-256 of the policy's text as it was given */
void vtpm_policy_digest(const struct vtpm_policy *p, u8 digest[VTPM_IDENTITY_DIGEST]);
/* For struct tpm2_config.identity; the format is in <uapi/linux/vtpm.h>. */
size_t vtpm_matrix_describe(void *pcrs, u8 *out, size_t room);
/* As part of the instance's state. -EBADMSG. */
void vtpm_identity_write(const struct vtpm_identity *id, struct tpm2_writer *w);
int vtpm_identity_read(struct vtpm_identity *id, struct tpm2_reader *r);

/* ---- provider.c: the registry; register and unregister are in <linux/vtpm.h> ---- */

/* Takes a reference to the provider and its module. NULL: there is none. */
const struct vtpm_provider *vtpm_provider_get(const char *name, size_t len);
void vtpm_provider_put(const struct vtpm_provider *p);

/* ---- the providers that come with the module ---- */

extern const struct vtpm_provider vtpm_hash_provider;		/* provider_hash.c */
extern const struct vtpm_provider vtpm_certificate_provider;	/* provider_cert.c */
extern const struct vtpm_provider vtpm_log_provider;		/* provider_log.c */
extern const struct vtpm_provider vtpm_map_provider;		/* provider_map.c */
extern const struct vtpm_provider vtpm_accumulate_provider;	/* provider_accumulate.c */
extern const struct vtpm_provider vtpm_translate_provider;	/* provider_translate.c */

/* What they share: the TCG's extend, and that of what a certificate says of @m. */
void vtpm_hash_extend(const struct vt_hash_alg *alg, u8 *vpcr, const u8 *digest);
int vtpm_hash_translate(void *priv, u16 alg, unsigned int pcr, const u8 *m, u8 *vpcr);
extern const char *const vtpm_represent_values[];	/* by enum vtpm_represent */

/**
 * struct vtpm_certified - what a provider that asks for certificates has for an instance
 * @mem: for allocations
 * @options: of the policy
 * @represent: which one says how
 * @party: which one says whose
 * @found: bit by bit, of the banks: there was a certificate at the last extend
 * @rep: of these: what it gave
 */
struct vtpm_certified {
	struct vt_mem *mem;
	const struct vtpm_option *options;
	unsigned int represent;
	unsigned int party;
	u32 found;
	u8 rep[VT_HASH_COUNT][VT_MAX_DIGEST];
};

/* @priv is a struct vtpm_certified. @options live as long as the instance uses them. -ENOMEM */
int vtpm_certified_open(const struct vtpm_option *options, unsigned int represent,
			unsigned int party, struct vt_mem *mem, void **priv);
void vtpm_certified_close(void *priv);
void vtpm_certified_expect(void *priv, u16 alg, const u8 *m);
int vtpm_certified_translate(void *priv, u16 alg, unsigned int pcr, const u8 *m, u8 *vpcr);
const u8 *vtpm_certified_instead(void *priv, u16 alg);

#endif /* VTPM_PROPERTY_H */
