-- An older program can live with this.
-- The lists of users (accounts, say) that a complete run knew of: when one is not there any more, its people may only be out of sight.
alter table run add column lists text[];
