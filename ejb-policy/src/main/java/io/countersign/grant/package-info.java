/**
 * Grants: elevation to a duty on a target for a time. Others approve it before it is used; or the glass is broken, it is used
 * at once, and others review it afterwards. What is in use is asked with every command; sessions that depend on it end with it.
 */
package io.countersign.grant;
