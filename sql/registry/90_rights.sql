-- ---------------------------------------------------------------------------
-- Rights: what each profile of a site's roles may do. Roles belong to the cluster, so the registry makes none: the site makes its own and
-- gives them profiles. PUBLIC has nothing.
-- ---------------------------------------------------------------------------

-- The whole matrix. EXECUTE names functions, every other privilege relations; columns and all_but NULL = the relation as a whole.
-- etl       feeds: what says how and when a record became known, or who answers for it, is never the feed's to write
-- analyst   counts without names: no documents, no names, no free text, no persons who acted
-- publisher what anybody may read, and nothing else
-- integrity files of government bodies and officials (政务诚信): by itself of them alone; who has it besides another profile sees them with that one too
-- exchange  a platform that takes messages or sends them; each is bound to its role in feed_receiver or feed_sender
-- A view reads with the rights of its owner but calls functions with those of its reader: who reads standing may call what it calls.
CREATE VIEW @extschema@.profile_privilege AS
SELECT v.profile, v.object, v.privilege, v.columns, v.all_but
  FROM (VALUES
	('etl', 'record', 'INSERT', ARRAY['subject', 'record_key', 'amount_fen', 'fine_fen', 'awarded_points', 'quantity', 'act_on', 'act_ended_on',
		'decided_on', 'served_on', 'valid_from', 'valid_until', 'publicity_until', 'corrected_on', 'part', 'kind', 'document', 'authority',
		'source', 'behaviour', 'field', 'procedure', 'penalty_kind', 'severity', 'intent', 'responsibility', 'district', 'state',
		'unit', 'detail'], NULL),
	('etl', 'intake_penalty', 'INSERT', NULL, ARRAY['row_no', 'received_at', 'received_by', 'fed_from']),
	('etl', 'intake_permit', 'INSERT', NULL, ARRAY['row_no', 'received_at', 'received_by', 'fed_from']),
	('etl', 'intake_act', 'INSERT', NULL, ARRAY['row_no', 'received_at', 'received_by', 'fed_from']),
	('etl', 'intake_row', 'USAGE', NULL, NULL),
	('etl', 'exchange_label', 'SELECT', NULL, NULL),
	('etl', 'intake_reason', 'SELECT', NULL, NULL),
	('etl', 'process_intake', 'EXECUTE', NULL, NULL),
	('etl', 'refresh', 'EXECUTE', NULL, NULL),
	('etl', 'run_due', 'EXECUTE', NULL, NULL),
	('etl', 'collect_feed', 'EXECUTE', NULL, NULL),

	('exchange', 'take_feed', 'EXECUTE', NULL, NULL),
	('exchange', 'acknowledge_feed', 'EXECUTE', NULL, NULL),
	('exchange', 'fail_feed', 'EXECUTE', NULL, NULL),
	('exchange', 'receive_feed', 'EXECUTE', NULL, NULL),

	('officer', 'behaviour', 'SELECT', NULL, NULL),
	('officer', 'source', 'SELECT', NULL, NULL),
	('officer', 'policy', 'SELECT', NULL, NULL),
	('officer', 'policy_gap', 'SELECT', NULL, NULL),
	('officer', 'subject', 'SELECT', NULL, NULL),
	('officer', 'credit_record', 'SELECT', NULL, NULL),
	('officer', 'enrolment', 'SELECT', NULL, NULL),
	('officer', 'unclassified_record', 'SELECT', NULL, NULL),
	('officer', 'unverified_record', 'SELECT', NULL, NULL),
	('officer', 'record_change', 'SELECT', NULL, NULL),
	('officer', 'exchange_label', 'SELECT', NULL, NULL),
	('officer', 'intake_reason', 'SELECT', NULL, NULL),
	('officer', 'intake_reject', 'SELECT', NULL, NULL),
	('officer', 'feed_received', 'SELECT', NULL, NULL),
	('officer', 'standing', 'SELECT', NULL, NULL),
	('officer', '_usable', 'EXECUTE', NULL, NULL),
	('officer', '_version_on', 'EXECUTE', NULL, NULL),
	('officer', '_outcome', 'EXECUTE', NULL, NULL),
	('officer', '_fold', 'EXECUTE', NULL, NULL),
	('officer', 'standing_history', 'SELECT', NULL, NULL),
	('officer', 'rating', 'SELECT', NULL, NULL),
	('officer', 'rating_cycle', 'SELECT', NULL, NULL),
	('officer', 'rating_correction', 'SELECT', NULL, NULL),
	('officer', 'rating_due', 'SELECT', NULL, NULL),
	('officer', 'rating_current', 'SELECT', NULL, NULL),
	('officer', 'rating_moved', 'SELECT', NULL, NULL),
	('officer', 'stat_rating', 'SELECT', NULL, NULL),
	('officer', 'grade_gap', 'SELECT', NULL, NULL),
	('officer', 'gap_review', 'SELECT', NULL, NULL),
	('officer', 'stat_grade_gap', 'SELECT', NULL, NULL),
	('officer', '_rating_periods', 'EXECUTE', NULL, NULL),
	('officer', '_gap_since', 'EXECUTE', NULL, NULL),
	('officer', 'close_cycle', 'EXECUTE', NULL, NULL),
	('officer', 'publish_rating', 'EXECUTE', NULL, NULL),
	('officer', 'correct_rating', 'EXECUTE', NULL, NULL),
	('officer', 'preview_correction', 'EXECUTE', NULL, NULL),
	('officer', 'decide_correction', 'EXECUTE', NULL, NULL),
	('officer', 'reclose_check', 'EXECUTE', NULL, NULL),
	('officer', 'open_gap_review', 'EXECUTE', NULL, NULL),
	('officer', 'notify_gap_review', 'EXECUTE', NULL, NULL),
	('officer', 'explain_gap', 'EXECUTE', NULL, NULL),
	('officer', 'decide_gap_review', 'EXECUTE', NULL, NULL),
	('officer', 'list_candidate', 'SELECT', NULL, NULL),
	('officer', 'list_entry', 'SELECT', NULL, NULL),
	('officer', 'listing', 'SELECT', NULL, NULL),
	('officer', '_list_basis', 'SELECT', NULL, NULL),
	('officer', 'list_kind', 'SELECT', NULL, NULL),
	('officer', 'list_parameter', 'SELECT', NULL, NULL),
	('officer', 'listed_person', 'SELECT', NULL, NULL),
	('officer', 'list_aftermath', 'SELECT', NULL, NULL),
	('officer', 'measure', 'SELECT', NULL, NULL),
	('officer', 'measure_application', 'SELECT', NULL, NULL),
	('officer', 'measure_today', 'SELECT', NULL, NULL),
	('officer', 'apply_measure', 'EXECUTE', NULL, NULL),
	('officer', 'feedback_measure', 'EXECUTE', NULL, NULL),
	('officer', 'incentives', 'EXECUTE', NULL, NULL),
	('officer', 'policy_list', 'EXECUTE', NULL, NULL),
	('officer', 'evaluate', 'EXECUTE', NULL, NULL),
	('officer', 'simulate', 'EXECUTE', NULL, NULL),
	('officer', 'simulate_matrix', 'EXECUTE', NULL, NULL),
	('officer', 'simulate_lists', 'EXECUTE', NULL, NULL),
	('officer', '_simulate_texts', 'EXECUTE', NULL, NULL),
	('officer', 'explain', 'EXECUTE', NULL, NULL),
	('officer', 'explain_json', 'EXECUTE', NULL, NULL),
	('officer', 'explain_text', 'EXECUTE', NULL, NULL),
	('officer', 'effects', 'EXECUTE', NULL, NULL),
	('officer', 'outcome_values', 'EXECUTE', NULL, NULL),
	('officer', 'subject_link', 'SELECT', NULL, NULL),
	('officer', 'link_subjects', 'EXECUTE', NULL, NULL),
	('officer', 'unlink_subjects', 'EXECUTE', NULL, NULL),
	('officer', 'register_subject', 'EXECUTE', NULL, NULL),
	('officer', 'register_person', 'EXECUTE', NULL, NULL),
	('officer', 'join_person_document', 'EXECUTE', NULL, NULL),
	('officer', 'process_intake', 'EXECUTE', NULL, NULL),
	('officer', 'feed_again', 'EXECUTE', NULL, NULL),
	('officer', 'verify_record', 'EXECUTE', NULL, NULL),
	('officer', 'reject_change', 'EXECUTE', NULL, NULL),
	('officer', 'classify_record', 'EXECUTE', NULL, NULL),
	('officer', 'amend_record', 'EXECUTE', NULL, NULL),
	('officer', 'revoke_record', 'EXECUTE', NULL, NULL),
	('officer', 'propose_listing', 'EXECUTE', NULL, NULL),
	('officer', 'serve_listing', 'EXECUTE', NULL, NULL),
	('officer', 'recognize_listing', 'EXECUTE', NULL, NULL),
	('officer', 'exit_listing_early', 'EXECUTE', NULL, NULL),
	('officer', 'remove_listing', 'EXECUTE', NULL, NULL),
	('officer', 'import_listing', 'EXECUTE', NULL, NULL),
	('officer', 'commitment_matter', 'SELECT', NULL, NULL),
	('officer', 'commitment', 'SELECT', NULL, NULL),
	('officer', 'commitment_paper', 'SELECT', NULL, NULL),
	('officer', 'commitment_overdue', 'SELECT', NULL, NULL),
	('officer', 'inform_commitment', 'EXECUTE', NULL, NULL),
	('officer', 'advance_commitment', 'EXECUTE', NULL, NULL),
	('officer', 'supply_paper', 'EXECUTE', NULL, NULL),
	('officer', 'commitment_letter', 'EXECUTE', NULL, NULL),
	('officer', 'calendar', 'SELECT', NULL, NULL),
	('officer', 'add_working_days', 'EXECUTE', NULL, NULL),
	('officer', 'working_days_between', 'EXECUTE', NULL, NULL),
	('officer', 'deadline', 'EXECUTE', NULL, NULL),
	('officer', 'publicity_regime', 'SELECT', NULL, NULL),
	('officer', 'publicity_class', 'SELECT', NULL, NULL),
	('officer', 'publicity_parameter', 'SELECT', NULL, NULL),
	('officer', 'publicity_setting', 'SELECT', NULL, NULL),
	('officer', 'publicity_undetermined', 'SELECT', NULL, NULL),
	('officer', 'publicity_difference', 'SELECT', NULL, NULL),
	('officer', 'publicity_deadline', 'SELECT', NULL, NULL),
	('officer', 'stat_publicity', 'SELECT', NULL, NULL),
	('officer', '_publicity_seen', 'EXECUTE', NULL, NULL),
	('officer', 'publicity', 'EXECUTE', NULL, NULL),
	('officer', 'determine_publicity', 'EXECUTE', NULL, NULL),
	('officer', 'approve_publicity', 'EXECUTE', NULL, NULL),
	('officer', 'mark_minor', 'EXECUTE', NULL, NULL),
	('officer', 'department_competence', 'SELECT', NULL, NULL),
	('officer', 'policy_department', 'SELECT', NULL, NULL),
	('officer', 'proceeding', 'SELECT', NULL, NULL),
	('officer', 'proceeding_step', 'SELECT', NULL, ARRAY['person']),
	('officer', 'proceeding_person', 'SELECT', NULL, NULL),
	('officer', 'proceeding_deadline', 'SELECT', NULL, NULL),
	('officer', 'proceeding_stuck', 'SELECT', NULL, NULL),
	('officer', 'proceeding_today', 'SELECT', NULL, NULL),
	('officer', 'open_proceeding', 'EXECUTE', NULL, NULL),
	('officer', 'advance_proceeding', 'EXECUTE', NULL, NULL),
	('officer', 'run_due', 'EXECUTE', NULL, NULL),
	('officer', 'repair_condition', 'SELECT', NULL, NULL),
	('officer', 'training_event', 'SELECT', NULL, NULL),
	('officer', 'repair_effect', 'SELECT', NULL, NULL),
	('officer', 'repair', 'SELECT', NULL, NULL),
	('officer', 'stat_repair', 'SELECT', NULL, NULL),
	('officer', 'objection_effect', 'SELECT', NULL, NULL),
	('officer', 'withdrawal', 'SELECT', NULL, NULL),
	('officer', 'complaint_follow_up', 'SELECT', NULL, NULL),
	('officer', 'objection', 'SELECT', NULL, NULL),
	('officer', 'complaint', 'SELECT', NULL, NULL),
	('officer', 'withdrawal_overdue', 'SELECT', NULL, NULL),
	('officer', 'record_change_overdue', 'SELECT', NULL, NULL),
	('officer', 'training_attendance', 'SELECT', NULL, NULL),
	('officer', '_stat_repair', 'EXECUTE', NULL, NULL),
	('officer', 'repair_problems', 'EXECUTE', NULL, NULL),
	('officer', 'apply_repair', 'EXECUTE', NULL, NULL),
	('officer', 'advance_repair', 'EXECUTE', NULL, NULL),
	('officer', 'confirm_repair_sync', 'EXECUTE', NULL, NULL),
	('officer', 'record_training', 'EXECUTE', NULL, NULL),
	('officer', 'record_attendance', 'EXECUTE', NULL, NULL),
	('officer', 'withdraw_attendance', 'EXECUTE', NULL, NULL),
	('officer', 'raise_objection', 'EXECUTE', NULL, NULL),
	('officer', 'decide_objection', 'EXECUTE', NULL, NULL),
	('officer', 'carry_out_objection', 'EXECUTE', NULL, NULL),
	('officer', 'confirm_withdrawal', 'EXECUTE', NULL, NULL),
	('officer', 'confirm_record_withdrawal', 'EXECUTE', NULL, NULL),
	('officer', 'raise_complaint', 'EXECUTE', NULL, NULL),
	('officer', 'decide_complaint', 'EXECUTE', NULL, NULL),
	('officer', 'follow_up_complaint', 'EXECUTE', NULL, NULL),
	('officer', 'feed_backlog', 'SELECT', NULL, NULL),
	('officer', 'collect_feed', 'EXECUTE', NULL, NULL),
	('officer', '_government', 'SELECT', NULL, NULL),
	('officer', '_reject_hidden', 'EXECUTE', NULL, NULL),

	('policy_editor', 'behaviour', 'SELECT', NULL, NULL),
	('policy_editor', 'behaviour', 'INSERT', NULL, NULL),
	('policy_editor', 'behaviour', 'UPDATE', ARRAY['retired_on'], NULL),
	('policy_editor', 'source', 'SELECT', NULL, NULL),
	('policy_editor', 'policy', 'SELECT', NULL, NULL),
	('policy_editor', 'shipped_policy', 'SELECT', NULL, NULL),
	('policy_editor', 'shipped_behaviour', 'SELECT', NULL, NULL),
	('policy_editor', 'shipped_commitment_matter', 'SELECT', NULL, NULL),
	('policy_editor', 'commitment_matter', 'SELECT', NULL, NULL),
	('policy_editor', 'commitment_matter', 'INSERT', NULL, NULL),
	('policy_editor', 'commitment_matter', 'UPDATE', ARRAY['used_until'], NULL),
	('policy_editor', 'shipped_evaluation_regime', 'SELECT', NULL, NULL),
	('policy_editor', 'shipped_publicity_regime', 'SELECT', NULL, NULL),
	('policy_editor', 'shipped_publicity_class', 'SELECT', NULL, NULL),
	('policy_editor', 'shipped_repair_condition', 'SELECT', NULL, NULL),
	('policy_editor', 'shipped_measure', 'SELECT', NULL, NULL),
	('policy_editor', 'measure', 'SELECT', NULL, NULL),
	('policy_editor', 'measure', 'INSERT', NULL, NULL),
	('policy_editor', 'measure', 'UPDATE', ARRAY['valid_until'], NULL),
	('policy_editor', 'list_kind', 'SELECT', NULL, NULL),
	('policy_editor', 'policy_list', 'EXECUTE', NULL, NULL),
	('policy_editor', 'load_policy', 'EXECUTE', NULL, NULL),
	('policy_editor', 'policy_step', 'SELECT', NULL, NULL),
	('policy_editor', 'policy_gap', 'SELECT', NULL, NULL),
	('policy_editor', 'policy_opinion', 'SELECT', NULL, NULL),
	('policy_editor', 'open_consultation', 'EXECUTE', NULL, NULL),
	('policy_editor', 'receive_opinion', 'EXECUTE', NULL, NULL),
	('policy_editor', 'answer_opinion', 'EXECUTE', NULL, NULL),
	('policy_editor', 'withdraw_policy', 'EXECUTE', NULL, NULL),
	('policy_editor', 'adopt_policy', 'EXECUTE', NULL, NULL),
	('policy_editor', 'record_policy_publication', 'EXECUTE', NULL, NULL),
	('policy_editor', 'regrade', 'EXECUTE', NULL, NULL),
	('policy_editor', 'simulate', 'EXECUTE', NULL, NULL),
	('policy_editor', 'simulate_matrix', 'EXECUTE', NULL, NULL),
	('policy_editor', 'simulate_lists', 'EXECUTE', NULL, NULL),
	('policy_editor', '_simulate_texts', 'EXECUTE', NULL, NULL),
	('policy_editor', 'calendar', 'SELECT', NULL, NULL),
	('policy_editor', 'add_working_days', 'EXECUTE', NULL, NULL),
	('policy_editor', 'working_days_between', 'EXECUTE', NULL, NULL),
	('policy_editor', 'deadline', 'EXECUTE', NULL, NULL),
	('policy_editor', 'repair_condition', 'SELECT', NULL, NULL),
	('policy_editor', 'adopt_repair_condition', 'EXECUTE', NULL, NULL),
	('policy_editor', 'set_proceeding_term', 'EXECUTE', NULL, NULL),
	('policy_editor', 'approve_repair_condition', 'EXECUTE', NULL, NULL),
	('policy_editor', 'publicity_regime', 'SELECT', NULL, NULL),
	('policy_editor', 'publicity_class', 'SELECT', NULL, NULL),
	('policy_editor', 'publicity_parameter', 'SELECT', NULL, NULL),
	('policy_editor', 'publicity_regime', 'INSERT', NULL, ARRAY['rule_id', 'approved_on', 'superseded_on', 'entered_by', 'approved_by']),
	('policy_editor', 'publicity_class', 'INSERT', NULL, ARRAY['rule_id', 'approved_on', 'superseded_on', 'entered_by', 'approved_by']),
	('policy_editor', 'publicity_parameter', 'INSERT', NULL, ARRAY['rule_id', 'approved_on', 'superseded_on', 'entered_by', 'approved_by']),
	('policy_editor', 'publicity_rule_number', 'USAGE', NULL, NULL),
	('policy_editor', 'approve_publicity_rule', 'EXECUTE', NULL, NULL),
	('policy_editor', 'public_policy', 'SELECT', NULL, NULL),
	('policy_editor', 'public_policy', 'INSERT', NULL, ARRAY['rule_id', 'approved_on', 'superseded_on', 'entered_by', 'approved_by']),
	('policy_editor', 'public_policy_number', 'USAGE', NULL, NULL),
	('policy_editor', 'approve_public_policy', 'EXECUTE', NULL, NULL),

	('analyst', 'behaviour', 'SELECT', NULL, NULL),
	('analyst', 'source', 'SELECT', NULL, NULL),
	('analyst', 'policy', 'SELECT', NULL, NULL),
	('analyst', 'policy_gap', 'SELECT', NULL, NULL),
	('analyst', 'subject', 'SELECT', ARRAY['subject', 'kind', 'district', 'registered_on'], NULL),
	('analyst', 'credit_record', 'SELECT', ARRAY['subject', 'record_id', 'known_from', 'known_until', 'amount_fen', 'fine_fen', 'awarded_points', 'quantity',
		'recorded_on', 'act_on', 'act_ended_on', 'decided_on', 'served_on', 'valid_from', 'valid_until', 'publicity_until', 'corrected_on',
		'repaired_on', 'revoked_on', 'version', 'part', 'kind', 'authority', 'source', 'behaviour', 'field', 'procedure', 'penalty_kind',
		'severity', 'intent', 'responsibility', 'district', 'state', 'unit'], NULL),
	('analyst', 'commitment_matter', 'SELECT', NULL, NULL),
	('analyst', 'commitment', 'SELECT', ARRAY['subject', 'proceeding_id', 'number', 'signed_on', 'valid_until', 'decided_on', 'found_on', 'type', 'city',
		'edition', 'matter', 'department', 'openness', 'performance'], NULL),
	('analyst', 'enrolment', 'SELECT', ARRAY['subject', 'field', 'state', 'valid_from', 'valid_until', 'authority', 'record_id'], NULL),
	('analyst', 'standing', 'SELECT', NULL, NULL),
	('analyst', '_usable', 'EXECUTE', NULL, NULL),
	('analyst', '_version_on', 'EXECUTE', NULL, NULL),
	('analyst', '_outcome', 'EXECUTE', NULL, NULL),
	('analyst', '_fold', 'EXECUTE', NULL, NULL),
	('analyst', 'standing_history', 'SELECT', NULL, NULL),
	('analyst', 'rating', 'SELECT', NULL, ARRAY['decided_by', 'reason']),
	('analyst', 'rating_cycle', 'SELECT', NULL, ARRAY['closed_by', 'published_by']),
	('analyst', 'rating_correction', 'SELECT', NULL, ARRAY['proposed_by', 'decided_by', 'reason', 'decision_reason']),
	('analyst', 'rating_due', 'SELECT', NULL, NULL),
	('analyst', 'rating_current', 'SELECT', NULL, NULL),
	('analyst', 'stat_rating', 'SELECT', NULL, NULL),
	('analyst', 'grade_gap', 'SELECT', NULL, NULL),
	('analyst', 'stat_grade_gap', 'SELECT', NULL, NULL),
	('analyst', 'rating_moved', 'SELECT', NULL, ARRAY['reason']),
	('analyst', 'gap_review', 'SELECT', NULL, ARRAY['reasons']),
	('analyst', '_rating_periods', 'EXECUTE', NULL, NULL),
	('analyst', '_gap_since', 'EXECUTE', NULL, NULL),
	('analyst', 'list_candidate', 'SELECT', NULL, NULL),
	('analyst', 'listing', 'SELECT', NULL, NULL),
	('analyst', '_list_basis', 'SELECT', NULL, NULL),
	('analyst', 'list_kind', 'SELECT', NULL, NULL),
	('analyst', 'list_aftermath', 'SELECT', NULL, NULL),
	('analyst', 'measure', 'SELECT', NULL, NULL),
	('analyst', 'measure_today', 'SELECT', NULL, NULL),
	('analyst', 'list_entry', 'SELECT', ARRAY['subject', 'entry_id', 'policy_id', 'version_id', 'objection_days', 'term_days',
		'term_months', 'proceeding_id', 'proposed_on', 'served_on', 'objection_until', 'recognised_on', 'listed_from', 'listed_until', 'suspended_on', 'removed_on', 'example', 'list',
		'origin', 'department', 'rule', 'list_name', 'basis_title', 'basis_rank', 'basis_article', 'source', 'service_method', 'published'], NULL),
	('analyst', 'policy_list', 'EXECUTE', NULL, NULL),
	('analyst', 'simulate', 'EXECUTE', NULL, NULL),
	('analyst', 'simulate_matrix', 'EXECUTE', NULL, NULL),
	('analyst', 'simulate_lists', 'EXECUTE', NULL, NULL),
	('analyst', 'calendar', 'SELECT', NULL, NULL),
	('analyst', 'add_working_days', 'EXECUTE', NULL, NULL),
	('analyst', 'working_days_between', 'EXECUTE', NULL, NULL),
	('analyst', 'deadline', 'EXECUTE', NULL, NULL),
	('analyst', 'publicity_regime', 'SELECT', NULL, NULL),
	('analyst', 'publicity_class', 'SELECT', NULL, NULL),
	('analyst', 'publicity_parameter', 'SELECT', NULL, NULL),
	('analyst', 'stat_publicity', 'SELECT', NULL, NULL),
	('analyst', 'proceeding', 'SELECT', ARRAY['subject', 'proceeding_id', 'last_seq', 'last_on', 'opened_on', 'closed', 'kind', 'state', 'department', 'field', 'district'], NULL),
	('analyst', 'proceeding_deadline', 'SELECT', NULL, NULL),
	('analyst', 'repair_condition', 'SELECT', NULL, NULL),
	('analyst', 'stat_repair', 'SELECT', NULL, NULL),
	('analyst', '_stat_repair', 'EXECUTE', NULL, NULL),
	('analyst', 'repair_effect', 'SELECT', ARRAY['subject', 'proceeding_id', 'seq', 'item', 'record_id', 'entry_id', 'publicity_ended_on',
		'sharing_ended_on', 'use_ended_on', 'revived_on', 'regime'], NULL),
	('analyst', 'training_event', 'SELECT', ARRAY['event_id', 'held_on', 'kind', 'department', 'field', 'entered_on'], NULL),
	('analyst', 'training_attendance', 'SELECT', ARRAY['subject', 'event_id', 'entered_on', 'withdrawn_on'], NULL),
	('analyst', 'withdrawal', 'SELECT', ARRAY['subject', 'withdrawal_id', 'proceeding_id', 'record_id', 'entry_id', 'cause', 'decided_on', 'due_on', 'done_on',
		'lapsed_on', 'withdrawn_on'], NULL),
	('analyst', '_government', 'SELECT', NULL, NULL),

	('integrity', 'government_subject', 'SELECT', NULL, NULL),
	('integrity', 'government_record', 'SELECT', NULL, NULL),
	('integrity', 'government_standing', 'SELECT', NULL, NULL),
	('integrity', 'government_rectification', 'SELECT', NULL, NULL),
	('integrity', 'office', 'SELECT', NULL, NULL),
	('integrity', 'public_policy', 'SELECT', NULL, NULL),
	('integrity', '_government', 'SELECT', NULL, NULL),
	('integrity', '_usable', 'EXECUTE', NULL, NULL),
	('integrity', '_version_on', 'EXECUTE', NULL, NULL),
	('integrity', '_outcome', 'EXECUTE', NULL, NULL),
	('integrity', '_fold', 'EXECUTE', NULL, NULL),
	('integrity', 'register_official', 'EXECUTE', NULL, NULL),
	('integrity', 'end_office', 'EXECUTE', NULL, NULL),
	('integrity', 'order_rectification', 'EXECUTE', NULL, NULL),
	('integrity', 'advance_proceeding', 'EXECUTE', NULL, NULL),

	('publisher', 'red_list', 'SELECT', NULL, NULL),
	('publisher', 'black_list', 'SELECT', NULL, NULL),
	('publisher', 'watch_list', 'SELECT', NULL, NULL),
	('publisher', 'published_penalty', 'SELECT', NULL, NULL),
	('publisher', 'published_permit', 'SELECT', NULL, NULL),
	('publisher', 'published_act', 'SELECT', NULL, NULL),
	('publisher', 'published_commitment', 'SELECT', NULL, NULL),
	('publisher', 'published_repair', 'SELECT', NULL, NULL),
	('publisher', 'published_rating', 'SELECT', NULL, NULL),
	('publisher', 'published_page', 'EXECUTE', NULL, NULL),
	('publisher', '_published', 'EXECUTE', NULL, NULL),
	('publisher', '_published_repair', 'EXECUTE', NULL, NULL),
	('publisher', '_published_rating', 'EXECUTE', NULL, NULL),

	('auditor', 'registry_meta', 'SELECT', NULL, NULL),
	('auditor', 'profile_privilege', 'SELECT', NULL, NULL),
	('auditor', 'behaviour', 'SELECT', NULL, NULL),
	('auditor', 'source', 'SELECT', NULL, NULL),
	('auditor', 'policy', 'SELECT', NULL, NULL),
	('auditor', 'policy_step', 'SELECT', NULL, NULL),
	('auditor', 'policy_gap', 'SELECT', NULL, NULL),
	('auditor', 'policy_opinion', 'SELECT', NULL, NULL),
	('auditor', 'subject', 'SELECT', NULL, NULL),
	('auditor', 'credit_record', 'SELECT', NULL, NULL),
	('auditor', 'enrolment', 'SELECT', NULL, NULL),
	('auditor', 'unclassified_record', 'SELECT', NULL, NULL),
	('auditor', 'unverified_record', 'SELECT', NULL, NULL),
	('auditor', 'record_change', 'SELECT', NULL, NULL),
	('auditor', 'exchange_label', 'SELECT', NULL, NULL),
	('auditor', 'intake_reason', 'SELECT', NULL, NULL),
	('auditor', 'intake_reject', 'SELECT', NULL, ARRAY['row']),
	('auditor', 'standing', 'SELECT', NULL, NULL),
	('auditor', '_usable', 'EXECUTE', NULL, NULL),
	('auditor', '_version_on', 'EXECUTE', NULL, NULL),
	('auditor', '_outcome', 'EXECUTE', NULL, NULL),
	('auditor', '_fold', 'EXECUTE', NULL, NULL),
	('auditor', 'standing_history', 'SELECT', NULL, NULL),
	('auditor', 'rating', 'SELECT', NULL, NULL),
	('auditor', 'rating_cycle', 'SELECT', NULL, NULL),
	('auditor', 'rating_correction', 'SELECT', NULL, NULL),
	('auditor', 'rating_due', 'SELECT', NULL, NULL),
	('auditor', 'rating_current', 'SELECT', NULL, NULL),
	('auditor', 'rating_moved', 'SELECT', NULL, NULL),
	('auditor', 'stat_rating', 'SELECT', NULL, NULL),
	('auditor', 'grade_gap', 'SELECT', NULL, NULL),
	('auditor', 'gap_review', 'SELECT', NULL, NULL),
	('auditor', 'stat_grade_gap', 'SELECT', NULL, NULL),
	('auditor', '_rating_periods', 'EXECUTE', NULL, NULL),
	('auditor', '_gap_since', 'EXECUTE', NULL, NULL),
	('auditor', 'preview_correction', 'EXECUTE', NULL, NULL),
	('auditor', 'reclose_check', 'EXECUTE', NULL, NULL),
	('auditor', 'list_candidate', 'SELECT', NULL, NULL),
	('auditor', 'list_entry', 'SELECT', NULL, NULL),
	('auditor', 'commitment_matter', 'SELECT', NULL, NULL),
	('auditor', 'commitment', 'SELECT', NULL, NULL),
	('auditor', 'commitment_paper', 'SELECT', NULL, NULL),
	('auditor', 'commitment_overdue', 'SELECT', NULL, NULL),
	('auditor', 'commitment_letter', 'EXECUTE', NULL, NULL),
	('auditor', 'listing', 'SELECT', NULL, NULL),
	('auditor', '_list_basis', 'SELECT', NULL, NULL),
	('auditor', 'list_kind', 'SELECT', NULL, NULL),
	('auditor', 'list_parameter', 'SELECT', NULL, NULL),
	('auditor', 'listed_person', 'SELECT', NULL, NULL),
	('auditor', 'list_aftermath', 'SELECT', NULL, NULL),
	('auditor', 'measure', 'SELECT', NULL, NULL),
	('auditor', 'measure_application', 'SELECT', NULL, NULL),
	('auditor', 'measure_today', 'SELECT', NULL, NULL),
	('auditor', 'incentives', 'EXECUTE', NULL, NULL),
	('auditor', 'policy_list', 'EXECUTE', NULL, NULL),
	('auditor', 'evaluate', 'EXECUTE', NULL, NULL),
	('auditor', 'simulate', 'EXECUTE', NULL, NULL),
	('auditor', 'simulate_matrix', 'EXECUTE', NULL, NULL),
	('auditor', 'simulate_lists', 'EXECUTE', NULL, NULL),
	('auditor', '_simulate_texts', 'EXECUTE', NULL, NULL),
	('auditor', 'explain', 'EXECUTE', NULL, NULL),
	('auditor', 'explain_json', 'EXECUTE', NULL, NULL),
	('auditor', 'explain_text', 'EXECUTE', NULL, NULL),
	('auditor', 'effects', 'EXECUTE', NULL, NULL),
	('auditor', 'outcome_values', 'EXECUTE', NULL, NULL),
	('auditor', 'subject_link', 'SELECT', NULL, NULL),
	('auditor', 'rating_reading', 'SELECT', NULL, NULL),
	('auditor', 'verify_standings', 'EXECUTE', NULL, NULL),
	('auditor', 'calendar', 'SELECT', NULL, NULL),
	('auditor', 'add_working_days', 'EXECUTE', NULL, NULL),
	('auditor', 'working_days_between', 'EXECUTE', NULL, NULL),
	('auditor', 'deadline', 'EXECUTE', NULL, NULL),
	('auditor', 'publicity_regime', 'SELECT', NULL, NULL),
	('auditor', 'publicity_class', 'SELECT', NULL, NULL),
	('auditor', 'publicity_parameter', 'SELECT', NULL, NULL),
	('auditor', 'publicity_setting', 'SELECT', NULL, NULL),
	('auditor', 'publicity_undetermined', 'SELECT', NULL, NULL),
	('auditor', 'publicity_difference', 'SELECT', NULL, NULL),
	('auditor', 'publicity_deadline', 'SELECT', NULL, NULL),
	('auditor', 'stat_publicity', 'SELECT', NULL, NULL),
	('auditor', '_publicity_seen', 'EXECUTE', NULL, NULL),
	('auditor', 'publicity', 'EXECUTE', NULL, NULL),
	('auditor', 'department_competence', 'SELECT', NULL, NULL),
	('auditor', 'policy_department', 'SELECT', NULL, NULL),
	('auditor', 'proceeding', 'SELECT', NULL, NULL),
	('auditor', 'proceeding_step', 'SELECT', NULL, NULL),
	('auditor', 'proceeding_person', 'SELECT', NULL, NULL),
	('auditor', 'proceeding_deadline', 'SELECT', NULL, NULL),
	('auditor', 'proceeding_stuck', 'SELECT', NULL, NULL),
	('auditor', 'person_role', 'SELECT', NULL, NULL),
	('auditor', 'repair_condition', 'SELECT', NULL, NULL),
	('auditor', 'training_event', 'SELECT', NULL, NULL),
	('auditor', 'repair_effect', 'SELECT', NULL, NULL),
	('auditor', 'repair', 'SELECT', NULL, NULL),
	('auditor', 'stat_repair', 'SELECT', NULL, NULL),
	('auditor', 'objection_effect', 'SELECT', NULL, NULL),
	('auditor', 'withdrawal', 'SELECT', NULL, NULL),
	('auditor', 'complaint_follow_up', 'SELECT', NULL, NULL),
	('auditor', 'objection', 'SELECT', NULL, NULL),
	('auditor', 'complaint', 'SELECT', NULL, NULL),
	('auditor', 'withdrawal_overdue', 'SELECT', NULL, NULL),
	('auditor', 'record_change_overdue', 'SELECT', NULL, NULL),
	('auditor', 'training_attendance', 'SELECT', NULL, NULL),
	('auditor', '_stat_repair', 'EXECUTE', NULL, NULL),
	('auditor', 'repair_problems', 'EXECUTE', NULL, NULL),
	('auditor', 'proceeding_today', 'SELECT', NULL, NULL),
	('auditor', 'government_subject', 'SELECT', NULL, NULL),
	('auditor', 'office', 'SELECT', NULL, NULL),
	('auditor', 'public_policy', 'SELECT', NULL, NULL),
	('auditor', '_government', 'SELECT', NULL, NULL),
	('auditor', '_reject_hidden', 'EXECUTE', NULL, NULL),
	('auditor', 'feed_receiver', 'SELECT', NULL, NULL),
	('auditor', 'feed_sender', 'SELECT', NULL, NULL),
	('auditor', 'feed_backlog', 'SELECT', NULL, NULL),
	('auditor', 'feed', 'SELECT', NULL, NULL),
	('auditor', 'feed_inbox', 'SELECT', NULL, NULL),
	('auditor', 'feed_received', 'SELECT', NULL, NULL),
	('auditor', 'intake_sent', 'SELECT', NULL, NULL)
	) AS v (profile, object, privilege, columns, all_but);
COMMENT ON VIEW @extschema@.profile_privilege IS '权限矩阵：各角色类型对各对象的权限 / the rights of each profile on each object';
COMMENT ON COLUMN @extschema@.profile_privilege.profile IS '角色类型 / profile';
COMMENT ON COLUMN @extschema@.profile_privilege.object IS '对象名（EXECUTE 为函数） / name of the object; of a function where the privilege is EXECUTE';
COMMENT ON COLUMN @extschema@.profile_privilege.privilege IS '权限 / privilege';
COMMENT ON COLUMN @extschema@.profile_privilege.columns IS '限于这些列 / only these columns';
COMMENT ON COLUMN @extschema@.profile_privilege.all_but IS '除这些列外的全部列 / all columns but these';

-- Each privilege of a profile as the words of a GRANT or REVOKE, and whether the role itself, not by membership, was granted it.
CREATE FUNCTION @extschema@._profile_right(role regrole, profile text)
RETURNS TABLE (words text, granted boolean)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $profile_right$
DECLARE
	line record;
	relation record;
	routine record;
	profiles text;
BEGIN
	FOR line IN SELECT p.* FROM @extschema@.profile_privilege AS p WHERE p.profile = _profile_right.profile LOOP
		IF line.privilege = 'EXECUTE' THEN
			FOR routine IN
				SELECT p.oid, p.proacl FROM pg_proc AS p
				 WHERE p.pronamespace = '@extschema@'::regnamespace AND p.proname = line.object
			LOOP
				words := format('EXECUTE ON ROUTINE %s', routine.oid::regprocedure);
				granted := EXISTS (SELECT FROM aclexplode(routine.proacl) AS a
				                    WHERE a.grantee = role AND a.privilege_type = line.privilege);
				RETURN NEXT;
			END LOOP;
			IF NOT FOUND THEN
				RAISE EXCEPTION 'function @extschema@.% does not exist', line.object USING ERRCODE = 'undefined_function';
			END IF;
		ELSE
			SELECT c.oid, c.relacl, c.relkind INTO relation FROM pg_class AS c
			 WHERE c.oid = format('@extschema@.%I', line.object)::regclass;
			IF line.all_but IS NOT NULL THEN
				-- a name that is no column would open the column it meant
				IF EXISTS (SELECT FROM unnest(line.all_but) AS u (name)
				            WHERE NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = relation.oid AND a.attname = u.name)) THEN
					RAISE EXCEPTION 'a column that profile "%" leaves out of @extschema@.% does not exist', profile, line.object
						USING ERRCODE = 'undefined_column',
						      DETAIL = format('Left out: %s.', array_to_string(line.all_but, ', '));
				END IF;
				line.columns := ARRAY(SELECT a.attname::text FROM pg_attribute AS a
				                       WHERE a.attrelid = relation.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attname <> ALL (line.all_but)
				                       ORDER BY a.attnum);
			END IF;
			IF line.columns IS NULL THEN
				words := format('%s ON %s%s', line.privilege, CASE relation.relkind WHEN 'S' THEN 'SEQUENCE ' END, relation.oid::regclass);
				granted := EXISTS (SELECT FROM aclexplode(relation.relacl) AS a
				                    WHERE a.grantee = role AND a.privilege_type = line.privilege);
			ELSE
				words := format('%s (%s) ON %s', line.privilege,
					(SELECT string_agg(quote_ident(u.name), ', ') FROM unnest(line.columns) AS u (name)), relation.oid::regclass);
				granted := NOT EXISTS (
					SELECT FROM unnest(line.columns) AS u (name)
					 WHERE NOT EXISTS (
						SELECT FROM pg_attribute AS t CROSS JOIN LATERAL aclexplode(t.attacl) AS a
						 WHERE t.attrelid = relation.oid AND t.attname = u.name
						   AND a.grantee = role AND a.privilege_type = line.privilege));
			END IF;
			RETURN NEXT;
		END IF;
	END LOOP;
	IF NOT FOUND THEN
		SELECT string_agg(DISTINCT p.profile, ', ' ORDER BY p.profile) INTO profiles FROM @extschema@.profile_privilege AS p;
		RAISE EXCEPTION 'profile "%" does not exist', profile
			USING ERRCODE = 'undefined_object',
			      DETAIL = format('The profiles are %s.', profiles),
			      HINT = 'Their rights are in citycredit.profile_privilege.';
	END IF;
END
$profile_right$;
REVOKE ALL ON FUNCTION @extschema@._profile_right(regrole, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._profile_right(regrole, text) IS '角色类型的各项权限及是否已授予 / each right of a profile, and whether a role was granted it';

CREATE FUNCTION @extschema@.grant_profile(role regrole, profile text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $grant_profile$
DECLARE
	words text;
	missing text;
BEGIN
	IF NOT has_schema_privilege(role, '@extschema@', 'USAGE') THEN
		EXECUTE format('GRANT USAGE ON SCHEMA @extschema@ TO %s', role);
	END IF;
	FOR words IN SELECT r.words FROM @extschema@._profile_right(role, profile) AS r LOOP
		EXECUTE format('GRANT %s TO %s', words, role);
	END LOOP;
	-- whoever may not grant gets a warning from GRANT, and no error
	SELECT string_agg(r.words, '; ') INTO missing FROM @extschema@._profile_right(role, profile) AS r WHERE NOT r.granted;
	IF missing IS NOT NULL THEN
		RAISE EXCEPTION 'could not grant profile "%" to role "%"', profile, role
			USING ERRCODE = 'insufficient_privilege',
			      DETAIL = format('Not granted: %s.', missing),
			      HINT = 'Only the owner of the registry or a superuser grants profiles.';
	END IF;
END
$grant_profile$;
REVOKE ALL ON FUNCTION @extschema@.grant_profile(regrole, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.grant_profile(regrole, text) IS '授予角色类型的全部权限 / grants a role the rights of a profile: etl, exchange, officer, policy_editor, analyst, integrity, publisher or auditor';

-- Profiles overlap: what another profile of the role holds too is kept.
CREATE FUNCTION @extschema@.revoke_profile(role regrole, profile text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $revoke_profile$
DECLARE
	kept text[];
	words text;
	other text;
	refused text;
BEGIN
	SELECT array_agg(o.profile ORDER BY o.profile) INTO kept
	  FROM (SELECT DISTINCT p.profile FROM @extschema@.profile_privilege AS p WHERE p.profile <> revoke_profile.profile) AS o
	 WHERE (SELECT bool_and(r.granted) FROM @extschema@._profile_right(role, o.profile) AS r);

	FOR words IN SELECT r.words FROM @extschema@._profile_right(role, profile) AS r LOOP
		EXECUTE format('REVOKE %s FROM %s', words, role);
	END LOOP;
	SELECT string_agg(r.words, '; ') INTO refused FROM @extschema@._profile_right(role, profile) AS r WHERE r.granted;
	IF refused IS NOT NULL THEN
		RAISE EXCEPTION 'could not revoke profile "%" from role "%"', profile, role
			USING ERRCODE = 'insufficient_privilege',
			      DETAIL = format('Not revoked: %s.', refused),
			      HINT = 'Only the owner of the registry or a superuser revokes profiles.';
	END IF;

	IF kept IS NULL THEN
		EXECUTE format('REVOKE USAGE ON SCHEMA @extschema@ FROM %s', role);
	ELSE
		FOREACH other IN ARRAY kept LOOP
			PERFORM @extschema@.grant_profile(role, other);
		END LOOP;
	END IF;
END
$revoke_profile$;
REVOKE ALL ON FUNCTION @extschema@.revoke_profile(regrole, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.revoke_profile(regrole, text) IS '收回角色类型的权限，其他类型所含者保留 / takes the rights of a profile from a role, but for those of its other profiles';
