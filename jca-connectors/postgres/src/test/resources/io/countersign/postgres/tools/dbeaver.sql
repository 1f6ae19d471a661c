-- What DBeaver asks when it connects to PostgreSQL 18 and when somebody opens a schema and a table in its navigator.
--
-- Taken from https://github.com/dbeaver/dbeaver, plugins/org.jkiss.dbeaver.ext.postgresql, commit 2428359b7487 of 2024-10-24,
-- by putting together what its Java concatenates for that version; Apache License 2.0, Copyright (C) 2010-2024 DBeaver Corp
-- and others. A question begins with "--? " and the class that asks it; {schema}, {table}, {database}, {type} stand for bound object ids,
-- {schema name} and the like for bound names. What has no order of its own, and is compared, got one.

--? PostgreDataSource.createDatabaseInitQuery
SELECT current_database()

--? PostgreDataSource.prepareStatement
SELECT db.oid,db.* FROM pg_catalog.pg_database db WHERE 1 = 1 AND datallowconn AND NOT datistemplate OR db.datname ={database name}
ORDER BY db.datname

--? PgConnection.setClientInfo
SET application_name = 'DBeaver 24.2.3 - Main <shop>'

--? PostgreExecutionContext.refreshDefaults
SELECT current_schema(),session_user

--? PostgreExecutionContext.refreshDefaults
SHOW search_path

--? PostgreDatabase.SchemaCache
SELECT n.oid,n.*,d.description FROM pg_catalog.pg_namespace n
LEFT OUTER JOIN pg_catalog.pg_description d ON d.objoid=n.oid AND d.objsubid=0 AND d.classoid='pg_namespace'::regclass
ORDER BY nspname

--? PostgreDataSource.initialize
SELECT version()

--? PostgreUtils.isMetaObjectExists
SELECT * FROM pg_catalog.pg_enum WHERE 1<>1 LIMIT 1

--? PostgreUtils.isMetaObjectExists
SELECT typcategory FROM pg_catalog.pg_type WHERE 1<>1 LIMIT 1

--? PostgreUtils.isMetaObjectExists
SELECT reltype FROM pg_catalog.pg_class WHERE 1<>1 LIMIT 1

--? PgDatabaseMetaData.getSQLKeywords
select string_agg(word, ',') from pg_catalog.pg_get_keywords() where word <> ALL ('{a,abs,absolute,action,add}'::text[])

--? PostgreDataTypeCache.prepareObjectsStatement
SELECT t.oid,t.*,c.relkind,format_type(nullif(t.typbasetype, 0), t.typtypmod) as base_type_name, d.description
FROM pg_catalog.pg_type t
LEFT OUTER JOIN pg_catalog.pg_type et ON et.oid=t.typelem 
LEFT OUTER JOIN pg_catalog.pg_class c ON c.oid=t.typrelid
LEFT OUTER JOIN pg_catalog.pg_description d ON t.oid=d.objoid
WHERE t.typname IS NOT NULL
AND (c.relkind IS NULL OR c.relkind = 'c') AND (et.typcategory IS NULL OR et.typcategory <> 'C')
ORDER BY t.oid

--? PostgreDataType.prepareChildrenStatement
SELECT e.enumlabel 
FROM pg_catalog.pg_enum e
WHERE e.enumtypid={type}
ORDER BY e.enumsortorder

--? PostgreDataSource.SettingCache
select * from pg_catalog.pg_settings where name={setting name}

--? PostgreDatabase.getDescription
select description from pg_shdescription join pg_database on objoid = pg_database.oid where datname = {database name}

--? PostgreDatabase.RoleCache
SELECT a.oid,a.*,pd.description FROM pg_catalog.pg_roles a 
left join pg_catalog.pg_shdescription pd on a.oid = pd.objoid
ORDER BY a.rolname

--? PostgreDatabase.AccessMethodCache
SELECT am.oid,am.* FROM pg_catalog.pg_am am 
ORDER BY am.oid

--? PostgreDatabase.EncodingCache
SELECT c.contoencoding as encid,pg_catalog.pg_encoding_to_char(c.contoencoding) as encname
FROM pg_catalog.pg_conversion c
GROUP BY c.contoencoding
ORDER BY 2

--? PostgreDatabase.LanguageCache
SELECT l.oid,l.* FROM pg_catalog.pg_language l 
ORDER BY l.oid

--? PostgreDatabase.ForeignDataWrapperCache
SELECT l.oid,l.*,p.pronamespace as handler_schema_id 
FROM pg_catalog.pg_foreign_data_wrapper l
LEFT OUTER JOIN pg_catalog.pg_proc p ON p.oid=l.fdwhandler 
ORDER BY l.fdwname

--? PostgreDatabase.TablespaceCache
SELECT t.oid,t.*,pg_tablespace_location(t.oid) loc
FROM pg_catalog.pg_tablespace t 
ORDER BY t.oid

--? PostgreDatabase.AvailableExtensionCache
SELECT name,default_version,installed_version,comment FROM pg_catalog.pg_available_extensions ORDER BY name

--? PostgreDatabase.EventTriggersCache
SELECT pet.*, d.description FROM pg_catalog.pg_event_trigger pet
LEFT OUTER JOIN pg_catalog.pg_description d ON pet."oid" = d.objoid

--? PostgreDataSource.readDatabaseStatistics
SELECT db.datname,pg_database_size(db.oid) FROM pg_catalog.pg_database db WHERE db.oid={database}

--? PostgreSchema.TableCache
SELECT c.oid,c.*,d.description,pg_catalog.pg_get_expr(c.relpartbound, c.oid) as partition_expr,  pg_catalog.pg_get_partkeydef(c.oid) as partition_key 
FROM pg_catalog.pg_class c
LEFT OUTER JOIN pg_catalog.pg_description d ON d.objoid=c.oid AND d.objsubid=0 AND d.classoid='pg_class'::regclass
WHERE c.relnamespace={schema} AND c.relkind not in ('i','I','c')
ORDER BY c.oid

--? PostgreSchema.TableCache
SELECT c.relname,a.*,pg_catalog.pg_get_expr(ad.adbin, ad.adrelid, true) as def_value,dsc.description,dep.objid
FROM pg_catalog.pg_attribute a
INNER JOIN pg_catalog.pg_class c ON (a.attrelid=c.oid)
LEFT OUTER JOIN pg_catalog.pg_attrdef ad ON (a.attrelid=ad.adrelid AND a.attnum = ad.adnum)
LEFT OUTER JOIN pg_catalog.pg_description dsc ON (c.oid=dsc.objoid AND a.attnum = dsc.objsubid)
LEFT OUTER JOIN pg_depend dep on dep.refobjid = a.attrelid AND dep.deptype = 'i' and dep.refobjsubid = a.attnum and dep.classid = dep.refclassid
WHERE NOT a.attisdropped AND c.relkind not in ('i','I','c') AND c.oid={table}
ORDER BY a.attnum

--? PostgreSchema.ConstraintCache
SELECT c.oid,c.*,t.relname as tabrelname,rt.relnamespace as refnamespace,d.description, case when c.contype='c' then "substring"(pg_get_constraintdef(c.oid), 7) else null end consrc_copy
FROM pg_catalog.pg_constraint c
INNER JOIN pg_catalog.pg_class t ON t.oid=c.conrelid
LEFT OUTER JOIN pg_catalog.pg_class rt ON rt.oid=c.confrelid
LEFT OUTER JOIN pg_catalog.pg_description d ON d.objoid=c.oid AND d.objsubid=0 AND d.classoid='pg_constraint'::regclass
WHERE c.conrelid={table}
ORDER BY c.oid

--? PostgreSchema.IndexCache
SELECT i.*,i.indkey as keys,c.relname,c.relnamespace,c.relam,c.reltablespace,tc.relname as tabrelname,dsc.description,pg_catalog.pg_get_expr(i.indpred, i.indrelid) as pred_expr,pg_catalog.pg_get_expr(i.indexprs, i.indrelid, true) as expr,pg_catalog.pg_relation_size(i.indexrelid) as index_rel_size,pg_catalog.pg_stat_get_numscans(i.indexrelid) as index_num_scans
FROM pg_catalog.pg_index i
INNER JOIN pg_catalog.pg_class c ON c.oid=i.indexrelid
INNER JOIN pg_catalog.pg_class tc ON tc.oid=i.indrelid
LEFT OUTER JOIN pg_catalog.pg_description dsc ON i.indexrelid=dsc.objoid
WHERE  i.indrelid={table} ORDER BY c.relname

--? PostgreSchema.ProceduresCache
SELECT p.oid as poid,p.*,pg_catalog.pg_get_expr(p.proargdefaults, 0) as arg_defaults,d.description
FROM pg_catalog.pg_proc p
LEFT OUTER JOIN pg_catalog.pg_description d ON d.objoid=p.oid and d.classoid='pg_proc'::regclass  AND d.objsubid = 0
WHERE p.pronamespace={schema}
ORDER BY p.proname

--? PostgreSchema.AggregateCache
SELECT p.oid AS proc_oid,p.proname AS proc_name,a.*
FROM pg_catalog.pg_aggregate a,pg_catalog.pg_proc p
WHERE p.oid=a.aggfnoid AND p.pronamespace={schema}
ORDER BY p.proname

--? PostgreSchema.readInheritances
SELECT i.inhrelid relid, pc.relnamespace parent_ns, pc.oid parent_oid, i.inhseqno
FROM pg_catalog.pg_inherits i, pg_class rc, pg_class pc
WHERE rc.oid=i.inhrelid AND rc.relnamespace={schema} AND pc.oid=i.inhparent

--? PostgreSchema.collectObjectStatistics
select c.oid,pg_catalog.pg_total_relation_size(c.oid) as total_rel_size,pg_catalog.pg_relation_size(c.oid) as rel_size
FROM pg_class c
WHERE c.relnamespace={schema}

--? PostgreSchema.readDefaultPrivileges
SELECT * FROM pg_default_acl WHERE defaclnamespace = {schema}

--? PostgreTable.getReferences
SELECT DISTINCT connamespace FROM pg_catalog.pg_constraint WHERE confrelid={table}

--? PostgreTable.getPartitionRange
select pg_get_expr(c.relpartbound, c.oid, true) as partition_range from "pg_catalog".pg_class c where relname = {table name} and relnamespace = {schema};

--? PostgreTableReal.RuleCache
SELECT r.oid,r.*, pg_get_ruledef(r.oid) AS definition
FROM pg_rewrite r
WHERE r.ev_class={table} AND r.rulename <> '_RETURN'::name

--? PostgreTable.PolicyCache
select * from pg_catalog.pg_policies where schemaname={schema name} and tablename={table name}

--? PostgreRole.getPermissions
SELECT * FROM information_schema.table_privileges WHERE table_catalog={database name} AND grantee={role name}
