/* SPDX-License-Identifier: GPL-2.0-only */
/* The conditions of the rows of accepted.c, which accepted_when.c has */
#ifndef VTPM_DIFF_ACCEPTED_H
#define VTPM_DIFF_ACCEPTED_H

#include "diff.h"

#define NUM(rc)		((__force u32)(rc))
#define PARAM(rc, n)	(NUM(rc) | 0x40 | (n) << 8)
#define HANDLE(rc, n)	(NUM(rc) | (n) << 8)

bool bad_tag(const struct command *c);
bool bad_auth_size(const struct command *c);
bool session_not_for_it(const struct command *c);
bool wrong_ticket_tag(const struct command *c);
bool audit_attrs_alone(const struct command *c);
bool idle_password(const struct command *c);
bool debug_pcr_at_4(const struct command *c);
bool partial_block(const struct command *c);
bool pcr_digest_size(const struct command *c);
bool is_sequence(const struct command *c);
bool key_too_small(const struct command *c);
bool longer_here(const struct command *c);
bool twin_session(const struct command *c);
bool slot_of_persistent(const struct command *c);
bool orderly(const struct command *c);
bool never_written(const struct command *c);
bool both_negative(const struct command *c);
bool long_read(const struct command *c);
bool rsa_decrypts(const struct command *c);
bool area_in_disorder(const struct command *c);
bool known_rsa(const struct command *c);
bool other_exchange(const struct command *c);
bool salt_key_scheme(const struct command *c);
bool sm2_signature(const struct command *c);
bool other_cipher(const struct command *c);
bool lists_others(const struct command *c);
bool aes_192(const struct command *c);
bool other_curve(const struct command *c);
bool long_nv_buffer(const struct command *c);
bool longer_name(const struct command *c);
bool later_command(const struct command *c);
bool fewer_banks(const struct command *c);
bool short_ecdaa(const struct command *c);
bool clock_lost(const struct command *c);
bool lost_clock_compared(const struct command *c);
bool rate_compared(const struct command *c);
bool nameless_point(const struct command *c);
bool a_is_zero(const struct command *c);
bool saved_policy(const struct command *c);
bool symcipher_property(const struct command *c);
bool public_key_authorizes(const struct command *c);

#endif /* VTPM_DIFF_ACCEPTED_H */
