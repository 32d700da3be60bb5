DROP FUNCTION auth.platform_reset, auth.reset_second_factor, auth.forget_factors, auth.drop_pin_reset,
    auth.cancel_pin_reset, auth.use_pin_reset, auth.tell_pin_reset, auth.grant_pin_reset, auth.ask_pin_reset,
    auth.open_pin_reset, auth.may_reset_pin;
DROP POLICY auth_all ON passkey;
DROP POLICY auth_all ON recovery_code;
REVOKE SELECT, DELETE ON passkey, recovery_code FROM mspaudit_auth;
